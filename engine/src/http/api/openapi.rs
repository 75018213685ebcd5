//! The description of the API, generated from the code that answers it.

use std::sync::LazyLock;

use actix_web::{App, HttpResponse, http::header};
use utoipa::{
    OpenApi,
    openapi::{
        ContentBuilder, HttpMethod, Ref, RefOr, ResponseBuilder,
        path::Operation,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_actix_web::AppExt;

use super::{endpoints, posts::impact::Action};
use crate::{content::library::PostSort, http::problem::Problem};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Perennial admin API",
        description = "Everything an editor can do. Browsers sign in with a cookie, programs send a token. \
            A document's version is its ETag; changing it needs that as If-Match."
    ),
    servers((url = "/api/v1")),
    components(schemas(Problem, PostSort, Action))
)]
struct Description;

/// The whole description. Each operation can also answer a problem.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut api) =
        App::new().into_utoipa_app().openapi(Description::openapi()).configure(endpoints).split_for_parts();
    let components = api.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("token", SecurityScheme::Http(bearer));
    let cookie = ApiKey::Cookie(ApiKeyValue::new("perennial"));
    components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    let nothing: [&str; 0] = [];
    api.security = Some(["session", "token"].map(|name| SecurityRequirement::new(name, nothing)).into());
    for item in api.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let response = ResponseBuilder::new()
                .description("What is wrong, and what to do.")
                .content("application/problem+json", problem)
                .build();
            operation.responses.responses.insert("default".into(), response.into());
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    response.description = "Done.".into();
                }
            }
        }
    }
    api
}

pub async fn serve() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(JSON.as_str())
}

/// The methods that an address of the API takes, such as `GET, POST`; `None` when there is no such address.
pub fn methods(path: &str) -> Option<String> {
    let (_, methods) = ADDRESSES.iter().find(|(template, _)| matches(template, path))?;
    Some(methods.clone())
}

static JSON: LazyLock<String> = LazyLock::new(|| openapi().to_pretty_json().unwrap_or_default() + "\n");

static ADDRESSES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let paths = openapi().paths.paths;
    paths
        .into_iter()
        .map(|(path, item)| {
            let known: [(HttpMethod, Option<Operation>); 5] = [
                (HttpMethod::Get, item.get),
                (HttpMethod::Post, item.post),
                (HttpMethod::Put, item.put),
                (HttpMethod::Patch, item.patch),
                (HttpMethod::Delete, item.delete),
            ];
            let methods = known.iter().filter(|(_, operation)| operation.is_some());
            (path, methods.map(|(method, _)| name(method)).collect::<Vec<_>>().join(", "))
        })
        .collect()
});

fn name(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Patch => "PATCH",
        HttpMethod::Delete => "DELETE",
        _ => "GET",
    }
}

fn matches(template: &str, path: &str) -> bool {
    let (mut own, mut asked) = (template.split('/'), path.split('/'));
    loop {
        match (own.next(), asked.next()) {
            (None, None) => return true,
            (Some(part), Some(text)) if part == text || (part.starts_with('{') && !text.is_empty()) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where the admin's types are made from.
    const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../admin-web/openapi.json");

    #[test]
    fn the_committed_description_is_that_of_the_code() {
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(COMMITTED, JSON.as_str()).unwrap();
        }
        let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
        let drift = committed.lines().zip(JSON.lines()).find(|(old, new)| old != new);
        assert!(
            committed == *JSON,
            "admin-web/openapi.json is not up to date (first difference: {drift:?}). \
             Run `UPDATE_OPENAPI=1 cargo test -p perennial openapi` and commit the file."
        );
    }

    #[test]
    fn everything_that_is_referred_to_is_described() {
        let components = openapi().components.unwrap().schemas;
        for reference in JSON.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(components.contains_key(name), "{name}");
        }
    }

    #[test]
    fn an_address_is_known_with_its_methods() {
        assert_eq!(methods("/posts").as_deref(), Some("GET, POST"));
        assert_eq!(methods("/posts/some-id/publish").as_deref(), Some("POST"));
        assert_eq!(methods("/posts/some-id/nothing"), None);
        assert_eq!(methods("/posts/"), None);
    }

    #[test]
    fn operations_have_names_of_their_own() {
        let paths = openapi().paths.paths;
        let operations = paths.values().flat_map(|item| [&item.get, &item.post, &item.put, &item.patch, &item.delete]);
        let mut names: Vec<_> = operations.flatten().filter_map(|operation| operation.operation_id.clone()).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert!(names.len() == all && all > 30, "{all} operations, {} names", names.len());
    }
}
