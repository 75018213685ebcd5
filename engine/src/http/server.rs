//! The server: which handler answers what, on every worker.

use std::{io, net::SocketAddr, rc::Rc, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer, Route,
    dev::{Server, fn_service},
    guard, web,
};
use tokio::sync::Semaphore;

use crate::schedule::ping;

use super::{
    admin,
    api::{self, Shared},
    desk::Desk,
    dev::{self, Dev},
    file, health, indexnow, oembed,
    public::{self, Public},
};

/// How long connections have to finish when the process is told to end.
const GRACE: Duration = Duration::from_secs(8);

/// Binds and begins to answer. `stored`: readers' pages are cached. `dev`: somebody is making the theme.
pub fn start(
    listen: SocketAddr,
    workers: usize,
    desk: Desk,
    shared: Shared,
    stored: bool,
    dev: Option<Arc<Dev>>,
) -> io::Result<(Server, SocketAddr)> {
    let dynamic = Arc::new(Semaphore::new(public::DYNAMIC));
    let server = HttpServer::new(move || {
        let public = Rc::new(Public { desk: desk.clone(), dynamic: dynamic.clone(), stored, dev: dev.clone() });
        let dev = dev.clone();
        App::new()
            .app_data(web::Data::new(desk.clone()))
            .route("/healthz", read().to(health::alive))
            .route("/readyz", read().to(health::ready))
            .route(ping::KEY_PATH, read().to(indexnow::key))
            .route("/oembed", read().to(oembed::show))
            .route("/media/{path:.*}", read().to(file::media_file))
            .route("/assets/{path:.*}", read().to(file::asset))
            .configure(move |app| {
                if let Some(dev) = dev {
                    app.app_data(web::Data::from(dev));
                    app.route("/__dev/reload.js", web::get().to(dev::script));
                    app.route("/__dev/changes", web::get().to(dev::changes));
                }
            })
            .configure(api::configure(&shared))
            .configure(admin::configure)
            .default_service(fn_service(move |request| public::serve(public.clone(), request)))
    })
    .workers(workers)
    .backlog(4096)
    .tcp_nodelay(true)
    .keep_alive(Duration::from_secs(75))
    .shutdown_timeout(GRACE.as_secs())
    .disable_signals()
    .bind(listen)?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    Ok((server.run(), address))
}

/// GET, and HEAD, which is the same without a body (RFC 9110, 9.3.2).
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}
