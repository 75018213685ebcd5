//! The default theme with one more page, whose data comes from another server and whose list is a shared part.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use perennial::theme::files::Files;

/// Where the page is.
pub const PATH: &str = "/weather/";

/// A server whose answer only changes when somebody says so.
#[derive(Clone)]
pub struct Weather {
    pub address: String,
    degrees: Arc<AtomicUsize>,
}

impl Weather {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let weather = Self { address: listener.local_addr().unwrap().to_string(), degrees: Arc::default() };
        let degrees = weather.degrees.clone();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let body = format!("{{\"degrees\": {}}}", degrees.load(Ordering::SeqCst));
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                let _ = write!(stream, "{head}{body}");
            }
        });
        weather
    }

    pub fn turn(&self) {
        self.degrees.fetch_add(1, Ordering::SeqCst);
    }

    /// Writes the theme into a folder.
    pub fn theme(&self, folder: &Path) -> Files {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/default"), folder);
        let route = format!("\n[[routes]]\nname = \"weather\"\npath = \"{PATH}\"\ntemplate = \"weather.html\"\n");
        let manifest = fs::read_to_string(folder.join("theme.toml")).unwrap() + &route;
        fs::write(folder.join("theme.toml"), manifest).unwrap();
        let template = format!(
            "{{{{ fetch('http://{}/', tags=['weather']).json.degrees }}}} degrees at {{{{ site.title }}}}.\n\
             {{% call cached('newest', tags=['newest']) %}}{{% for post in posts(limit=3) %}}{{{{ post.title }}}}\n{{% endfor %}}{{% endcall %}}",
            self.address
        );
        fs::write(folder.join("templates/weather.html"), template).unwrap();
        Files::Folder(folder.into())
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
