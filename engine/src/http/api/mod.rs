//! The admin API: what is answered under `/api`.

mod account;
mod audit;
mod authors;
mod cache;
pub mod engine;
mod export;
mod impact;
mod import;
mod invitations;
mod media;
mod menus;
mod openapi;
mod people;
mod posts;
mod presence;
mod redirects;
mod session;
mod settings;
mod setup;
mod shared;
mod system;
mod tags;
mod themes;
mod watch;
mod webhooks;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    middleware::DefaultHeaders,
    web::{self, PathConfig},
};
use utoipa_actix_web::service_config::ServiceConfig;

pub use self::{openapi::openapi, shared::Shared};
use super::problem::{ApiError, Outcome};
use crate::content::error::StoreError;

/// Every endpoint of version 1, in the order in which the description lists them.
fn endpoints(api: &mut ServiceConfig) {
    use cache::{explain, pages, revalidate};
    use posts::{document, history, preview, verbs};

    api.service(setup::get_setup).service(setup::set_up);
    api.service(session::get_session).service(session::sign_in).service(session::sign_out);

    api.service(account::update_account).service(account::list_sessions);
    api.service(account::end_other_sessions).service(account::end_session);
    api.service(account::get_second_factor).service(account::begin_second_factor);
    api.service(account::confirm_second_factor).service(account::renew_recovery_codes);
    api.service(account::remove_second_factor);

    api.service(document::list_posts).service(document::create_post);
    api.service(document::get_post).service(document::save_post).service(verbs::trash_post);
    api.service(verbs::publish_post).service(verbs::unpublish_post).service(verbs::schedule_post);
    api.service(verbs::restore_post).service(posts::impact::get_impact);
    api.service(history::list_revisions).service(history::keep_revision);
    api.service(history::get_revision).service(history::restore_revision);
    api.service(preview::share_preview).service(preview::revoke_previews);

    api.service(presence::list_presence).service(presence::come).service(presence::leave);

    api.service(tags::list_tags).service(tags::create_tag);
    api.service(tags::get_tag).service(tags::update_tag).service(tags::delete_tag);
    api.service(tags::get_tag_impact).service(tags::merge_tag);
    api.service(authors::list_authors).service(authors::create_author);
    api.service(authors::get_author).service(authors::update_author).service(authors::delete_author);
    api.service(menus::list_menus).service(menus::get_menu).service(menus::put_menu);
    api.service(settings::get_settings).service(settings::update_settings);
    api.service(themes::list_themes).service(themes::package::upload_theme).service(themes::switch::roll_back_theme);
    api.service(themes::get_theme).service(themes::delete_theme).service(themes::get_theme_screenshot);
    api.service(themes::package::download_theme).service(themes::preview::preview_theme);
    api.service(themes::switch::activate_theme);
    api.service(themes::settings::get_theme_settings).service(themes::settings::update_theme_settings);
    api.service(media::list_media).service(media::upload_media).service(media::get_media_usage);
    api.service(media::get_original).service(media::update_media);
    api.service(media::replace_media).service(media::delete_media);
    api.service(redirects::list_redirects).service(redirects::create_redirect).service(redirects::delete_redirect);
    api.service(redirects::test_redirect).service(redirects::export_redirects).service(redirects::import_redirects);
    api.service(redirects::list_missing).service(redirects::forget_missing);

    api.service(people::list_users).service(people::create_user);
    api.service(people::update_user).service(people::remove_user);
    api.service(invitations::list_invitations).service(invitations::invite);
    api.service(invitations::open_invitation).service(invitations::accept_invitation);
    api.service(invitations::withdraw_invitation);
    api.service(people::list_tokens).service(people::create_token).service(people::revoke_token);
    api.service(webhooks::list_webhooks).service(webhooks::create_webhook);
    api.service(webhooks::update_webhook).service(webhooks::delete_webhook);
    api.service(webhooks::renew_webhook_secret).service(webhooks::ping_webhook);
    api.service(webhooks::list_deliveries).service(webhooks::replay_delivery);
    api.service(audit::list_audit);

    api.service(pages::get_cache_summary).service(pages::list_cache_pages).service(pages::list_cache_tags);
    api.service(explain::explain_page).service(revalidate::revalidate);
    api.service(import::get_import).service(import::begin_import).service(import::run_import);
    api.service(import::forget_import).service(import::get_import_report).service(export::get_export);
    api.service(watch::watch_events);
    api.service(system::get_system);
}

/// Mounts everything under `/api`. The app's data must hold the desk.
pub fn configure(shared: &Shared) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
    let Shared { door, journal, presence } = shared.clone();
    move |app| {
        let unknown_id =
            PathConfig::default().error_handler(|_, _| ApiError::from(StoreError::NotFound("document")).into());
        app.service(
            web::scope("/api")
                .wrap(
                    DefaultHeaders::new()
                        .add((header::CACHE_CONTROL, "private, no-store"))
                        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff")),
                )
                .app_data(door)
                .app_data(journal)
                .app_data(presence)
                .app_data(unknown_id)
                .route("/openapi.json", web::get().to(openapi::serve))
                .service(
                    web::scope("/v1")
                        .configure(|scope| endpoints(&mut ServiceConfig::new(scope)))
                        .default_service(web::to(missing)),
                )
                .default_service(web::to(missing)),
        );
    }
}

/// What no endpoint takes: the address, or only the method.
async fn missing(request: HttpRequest) -> Outcome<HttpResponse> {
    let path = request.path().strip_prefix("/api/v1").unwrap_or_default();
    Err(openapi::methods(path).map_or(ApiError::NoSuchEndpoint, ApiError::MethodNotAllowed))
}
