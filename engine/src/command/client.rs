//! The API of a running server, as commands use it.

use std::{env, net::SocketAddr, time::Duration};

use anyhow::{Context, bail};
use reqwest::{Method, StatusCode, redirect};
use serde_json::Value;

use super::healthcheck::reachable;

/// How long the server may take for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

const TOKEN: &str = "PERENNIAL_TOKEN";

/// Which server, and in whose name.
#[derive(Debug, clap::Args)]
pub struct Server {
    /// The server's address, such as https://example.org; the one that runs with these settings when it is left out.
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    /// A token made with "perennial token create"; taken from PERENNIAL_TOKEN when it is left out.
    #[arg(long, global = true)]
    token: Option<String>,
}

#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    server: String,
    token: String,
}

impl Client {
    pub fn new(server: Server, listen: SocketAddr) -> anyhow::Result<Self> {
        let Some(token) = server.token.or_else(|| env::var(TOKEN).ok()).filter(|token| !token.is_empty()) else {
            bail!(
                "the server wants a token: make one with \"perennial token create --name cli --scopes admin\" and set \
                 {TOKEN} to it"
            )
        };
        let own = || format!("http://{}", SocketAddr::new(reachable(listen.ip()), listen.port()));
        let server = server.server.map_or_else(own, |url| url.trim_end_matches('/').to_owned());
        let http =
            reqwest::Client::builder().no_proxy().timeout(PATIENCE).redirect(redirect::Policy::none()).build()?;
        Ok(Self { http, server, token })
    }

    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, document: &Value) -> anyhow::Result<Value> {
        self.ask(Method::POST, path, Some(document.to_string())).await
    }

    /// The document that is answered; what the server refuses is an error in its own words.
    async fn ask(&self, method: Method, path: &str, body: Option<String>) -> anyhow::Result<Value> {
        let server = &self.server;
        let mut request = self.http.request(method, format!("{server}/api/v1{path}")).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body);
        }
        let response = request.send().await;
        let response = response.with_context(|| format!("no server answers at {server}; is it running there?"))?;
        let status = response.status();
        let text = response.text().await.with_context(|| format!("{server} did not finish its answer"))?;
        let document: Value = serde_json::from_str(&text).unwrap_or_default();
        if status == StatusCode::OK {
            return Ok(document);
        }
        match document.get("detail").and_then(Value::as_str) {
            Some(detail) => bail!("{detail}"),
            None => bail!("{server} answers {status}; is Perennial running there?"),
        }
    }
}

/// A value in a query.
pub fn encoded(value: &str) -> String {
    percent_encoding::utf8_percent_encode(value, percent_encoding::NON_ALPHANUMERIC).to_string()
}
