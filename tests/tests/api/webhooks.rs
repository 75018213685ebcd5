//! Webhooks: programs that are told what happens.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use perennial_tests::{Site, Start};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::{Guest, answer, id, refused};

/// A program that takes messages, and answers each with the next of these statuses, then with 200.
fn receiver(statuses: &'static [u16]) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (sender, messages) = channel();
    thread::spawn(move || {
        let mut statuses = statuses.iter();
        for mut stream in listener.incoming().flatten() {
            let mut message = String::new();
            let mut part = [0; 4096];
            // The head says how long the body is.
            while !is_whole(&message) {
                let read = stream.read(&mut part).expect("a message");
                message.push_str(&String::from_utf8_lossy(&part[..read]));
            }
            let status = statuses.next().unwrap_or(&200);
            let _ = stream.write_all(
                format!("HTTP/1.1 {status} X\r\ncontent-length: 5\r\nconnection: close\r\n\r\nThank").as_bytes(),
            );
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    (address, messages)
}

fn is_whole(message: &str) -> bool {
    let Some((head, body)) = message.split_once("\r\n\r\n") else { return false };
    header(head, "content-length").parse() == Ok(body.len())
}

fn header<'m>(head: &'m str, name: &str) -> &'m str {
    let line = head.lines().find(|line| line.to_lowercase().starts_with(&format!("{name}:")));
    line.and_then(|line| line.split_once(": ")).map_or("", |(_, value)| value)
}

fn next(messages: &Receiver<String>) -> (String, Value) {
    let message = messages.recv_timeout(Duration::from_secs(20)).expect("a message");
    let (head, body) = message.split_once("\r\n\r\n").expect("a body");
    (head.to_owned(), serde_json::from_str(body).expect("JSON"))
}

fn site() -> Site {
    Start::default().with("PERENNIAL_FETCH_ALLOW", "127.0.0.1").start()
}

fn made(owner: &Guest, address: SocketAddr, events: &[&str]) -> (String, String) {
    let new = json!({ "url": format!("http://{address}/hook"), "events": events });
    let made = answer(owner.post("/webhooks", &new), 201);
    (format!("/webhooks/{}", id(&made)), made["secret"].as_str().expect("a secret").to_owned())
}

/// Whether a message is signed with this secret, as standardwebhooks.com describes.
fn is_signed(head: &str, body: &Value, secret: &str) -> bool {
    let key = BASE64.decode(secret.strip_prefix("whsec_").expect("a prefix").as_bytes()).expect("base 64");
    let text = format!("{}.{}.{body}", header(head, "webhook-id"), header(head, "webhook-timestamp"));
    let mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key").chain_update(text);
    header(head, "webhook-signature") == format!("v1,{}", BASE64.encode(&mac.finalize().into_bytes()))
}

#[test]
fn what_is_published_is_told_and_signed() {
    let site = site();
    let owner = Guest::owner(&site, "empty");
    let (address, messages) = receiver(&[]);
    let (_, secret) = made(&owner, address, &["post.publish"]);
    let receipt = owner.published("Roses", "Flowers");
    let (head, body) = next(&messages);
    assert_eq!((&body["type"], &body["data"]["title"]), (&json!("post.publish"), &json!("Roses")), "{body}");
    assert_eq!(body["data"]["id"], receipt["post"]["id"]);
    assert!(head.starts_with("POST /hook ") && header(&head, "content-type") == "application/json", "{head}");
    assert!(is_signed(&head, &body, &secret), "{head}");
}

#[test]
fn a_message_that_failed_is_kept_with_the_reason_and_can_be_sent_again() {
    let site = site();
    let owner = Guest::owner(&site, "empty");
    let (address, messages) = receiver(&[503]);
    let (path, _) = made(&owner, address, &["tag.create"]);
    answer(owner.post("/tags", &json!({ "name": "Roses" })), 201);
    let (first, _) = next(&messages);
    let log = format!("{path}/deliveries");
    let tried = site.wait_for("a failure", || {
        let latest = owner.get(&log)["items"][0].clone();
        (latest["attempts"] == 1).then_some(latest)
    });
    assert_eq!(
        (&tried["state"], &tried["status"], &tried["answer"]),
        (&json!("waiting"), &json!(503), &json!("Thank"))
    );
    assert!(tried["next_at"].is_string(), "{tried}");
    answer(owner.ask("POST", &format!("{log}/{}/replay", id(&tried))), 202);
    let (again, _) = next(&messages);
    assert_eq!(header(&again, "webhook-id"), header(&first, "webhook-id"), "whoever took it already knows it");
    site.wait_for("the delivery", || (owner.get(&log)["items"][0]["state"] == "delivered").then_some(()));
}

#[test]
fn a_program_that_wants_no_more_is_told_no_more_until_somebody_turns_it_on() {
    let site = site();
    let owner = Guest::owner(&site, "empty");
    let (address, messages) = receiver(&[410]);
    let (path, _) = made(&owner, address, &["tag.create"]);
    answer(owner.ask("POST", &format!("{path}/ping")), 202);
    assert_eq!(next(&messages).1["type"], "ping");
    let off = site.wait_for("the end of it", || {
        let hook = owner.get("/webhooks")["items"][0].clone();
        hook["off_since"].is_string().then_some(hook)
    });
    assert!(off["off_because"].as_str().expect("a reason").contains("410"), "{off}");
    answer(owner.post("/tags", &json!({ "name": "Roses" })), 201);
    assert_eq!(owner.get(&format!("{path}/deliveries"))["total"], 1);
    answer(owner.ask("PATCH", &path).json(&json!({ "on": true })), 200);
    answer(owner.post("/tags", &json!({ "name": "Moss" })), 201);
    assert_eq!(next(&messages).1["data"]["name"], "Moss");
}

#[test]
fn an_address_inside_is_not_reached_and_a_wrong_one_is_refused() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    for url in ["ftp://example.org/", "nowhere", "javascript:alert(1)"] {
        let new = json!({ "url": url, "events": ["post.publish"] });
        assert_eq!(refused(owner.post("/webhooks", &new), 422), "invalid", "{url}");
    }
    let unknown = json!({ "url": "https://example.org/", "events": ["post.explode"] });
    assert_eq!(refused(owner.post("/webhooks", &unknown), 422), "invalid");
    let (address, _messages) = receiver(&[]);
    let (path, _) = made(&owner, address, &["post.publish"]);
    answer(owner.ask("POST", &format!("{path}/ping")), 202);
    let tried = site.wait_for("an attempt", || {
        let latest = owner.get(&format!("{path}/deliveries"))["items"][0].clone();
        latest["answer"].is_string().then_some(latest)
    });
    assert!(tried["answer"].as_str().expect("a reason").contains("private address"), "{tried}");
    assert!(!owner.get("/webhooks").to_string().contains("whsec_"));
    assert_eq!(refused(Guest::member(&site, "editor").ask("GET", "/webhooks"), 403), "forbidden");
}

#[test]
fn a_new_secret_signs_from_now_on() {
    let site = site();
    let owner = Guest::owner(&site, "empty");
    let (address, messages) = receiver(&[]);
    let (path, secret) = made(&owner, address, &["post.publish"]);
    let renewed = answer(owner.ask("POST", &format!("{path}/secret")), 200);
    answer(owner.ask("POST", &format!("{path}/ping")), 202);
    let (head, body) = next(&messages);
    assert!(is_signed(&head, &body, renewed["secret"].as_str().expect("a secret")), "{head}");
    assert!(!is_signed(&head, &body, &secret), "{head}");
    answer(owner.ask("DELETE", &path), 204);
    assert_eq!(owner.get("/webhooks")["items"], json!([]));
}
