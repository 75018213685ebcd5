//! Comma-separated values (RFC 4180), read and written. Pure.

/// One line. What begins like a formula is kept from spreadsheets.
pub fn row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t']) { "'" } else { "" };
        match cell.contains([',', '"', '\n', '\r']) || !guard.is_empty() {
            true => format!("\"{guard}{}\"", cell.replace('"', "\"\"")),
            false => (*cell).to_owned(),
        }
    });
    cells.collect::<Vec<_>>().join(",") + "\r\n"
}

/// Each row with the line it begins in, counted from 1. Semicolons part cells too where the first line has no comma.
pub fn rows(text: &str) -> Vec<(usize, Vec<String>)> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let comma = if first.contains(',') || !first.contains(';') { ',' } else { ';' };
    let (mut rows, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begun, mut quoted) = (1, 1, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' if quoted => quoted = false,
            c if quoted => cell.push(c),
            '"' if cell.is_empty() => quoted = true,
            '\n' => {
                cells.push(std::mem::take(&mut cell));
                rows.push((begun, std::mem::take(&mut cells)));
                begun = line;
            }
            '\r' => {}
            c if c == comma => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        rows.push((begun, cells));
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<(usize, String)> {
        rows(text).into_iter().map(|(line, cells)| (line, cells.join("|"))).collect()
    }

    #[test]
    fn tables_are_read_as_spreadsheets_write_them() {
        assert_eq!(cells("\u{feff}a,b\r\nc,\"d,\"\"e\"\"\"\r\n"), [(1, "a|b".into()), (2, "c|d,\"e\"".into())]);
        assert_eq!(cells("a;b\nc;d"), [(1, "a|b".into()), (2, "c|d".into())]);
        assert_eq!(cells("\"a\nb\",c\nd,e\n"), [(1, "a\nb|c".into()), (3, "d|e".into())]);
        assert!(rows("").is_empty());
        assert_eq!(row(&["=1+1", "a,b"]), "\"'=1+1\",\"a,b\"\r\n");
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(own in proptest::collection::vec("[a-z,\";\n /]{1,12}", 1..5)) {
            let own: Vec<String> = own.into_iter().map(|cell| format!("x,{cell}")).collect();
            let line = row(&own.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(rows(&format!("a,b\n{line}")).pop().map(|(_, cells)| cells), Some(own));
        }
    }
}
