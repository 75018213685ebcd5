//! The yardstick for a hit: actix-web with one route that gives the same bytes under the same headers.
//!
//! `yardstick FILE`: the file holds an answer as it came over the wire, without `date`.

use std::{env, fs, io, net::Ipv4Addr};

use actix_web::{
    App, HttpResponse, HttpServer,
    http::header::{HeaderName, HeaderValue},
    web::{self, Bytes},
};

#[actix_web::main]
async fn main() -> io::Result<()> {
    let file = env::args().nth(1).expect("the file with the answer");
    let answer = fs::read(file)?;
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head");
    let (head, body) = answer.split_at(end + 4);
    let body = Bytes::copy_from_slice(body);
    let headers: Vec<_> = String::from_utf8_lossy(head)
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| *name != "content-length")
        .map(|(name, value)| {
            let name: HeaderName = name.parse().expect("a header's name");
            (name, HeaderValue::from_str(value).expect("a header's value"))
        })
        .collect();
    let server = HttpServer::new(move || {
        let (body, headers) = (body.clone(), headers.clone());
        let answer = move || {
            let mut response = HttpResponse::Ok().body(body.clone());
            for (name, value) in &headers {
                response.headers_mut().insert(name.clone(), value.clone());
            }
            async { response }
        };
        App::new().route("/page/", web::get().to(answer))
    })
    .workers(1)
    .backlog(4096)
    .tcp_nodelay(true)
    .bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", server.addrs()[0]);
    server.run().await
}
