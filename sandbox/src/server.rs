//! The HTTP server: one port for the API, the sockets, the answers and the page.

pub(crate) mod host_check;

use std::convert::Infallible;
use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;

use crate::api::{self, Lost, response_url, socket};
use crate::hub::Hub;
use crate::page;
use host_check::HostCheck;

/// Serves until the sandbox shuts down.
pub(crate) async fn serve(hub: Arc<Hub>, listener: TcpListener, host_check: HostCheck, page: bool) {
    let routes = Router::new()
        .route("/api/{method}", any(api::call))
        .route("/link", get(socket::open))
        .route("/{door}/{team}/{number}/{secret}", post(response_url::answer))
        .route("/upload/v1/{secret}", post(api::upload))
        .route("/files/{id}", get(api::download))
        .merge(page::doors(&hub))
        .merge(if page { page::routes() } else { page::no_routes() })
        .with_state(Arc::clone(&hub));
    let host_check = Arc::new(host_check);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::task::yield_now().await;
                    continue;
                }
            },
            () = hub.closed() => return,
        };
        stream.set_nodelay(true).ok();
        tokio::spawn(connection(Arc::clone(&hub), stream, routes.clone(), Arc::clone(&host_check)));
    }
}

async fn connection(
    hub: Arc<Hub>,
    stream: tokio::net::TcpStream,
    routes: Router,
    host_check: Arc<HostCheck>,
) {
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |request: Request<Incoming>| {
        let (routes, refused) = (routes.clone(), host_check.refuse(&request));
        async move {
            if let Some(why) = refused {
                return Ok((StatusCode::FORBIDDEN, why).into_response());
            }
            let response: Response =
                routes.call(request.map(Body::new)).await.unwrap_or_else(|never: Infallible| match never {});
            if response.extensions().get::<Lost>().is_some() {
                // An error here makes the server close the connection.
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            Ok(response)
        }
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::select! {
        _ = serving => {}
        () = hub.closed() => {}
    }
}
