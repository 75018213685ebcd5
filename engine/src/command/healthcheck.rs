//! `perennial healthcheck`: asks the server that runs with these settings whether it can serve. Containers have no other
//! client to ask with.

use std::{
    io::{Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, ensure};

/// How long the server may take for each step.
const PATIENCE: Duration = Duration::from_secs(3);

pub fn run(listen: SocketAddr) -> anyhow::Result<()> {
    let server = SocketAddr::new(reachable(listen.ip()), listen.port());
    let answer = ask(server).with_context(|| format!("no server answers at {server}; is it running there?"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap_or("nothing");
    ensure!(status == "200", "the server at {server} cannot serve: it answers {status} {}", body.trim());
    println!("The server at {server} is ready.");
    Ok(())
}

/// Who listens on every address can be asked at the machine's own.
pub(super) fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

fn ask(server: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
