//! The cache: looked at, and told to make pages again.

use perennial_tests::Site;
use serde_json::json;

use crate::{Guest, answer, id, refused, send};

#[test]
fn programs_have_pages_made_again() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    owner.published("Roses", "Flowers");
    let program = Guest::program(&site, "revalidate");
    let cache = || site.get("/roses/").cache().to_owned();
    assert_eq!(cache(), "HIT");
    let done = answer(program.post("/revalidate", &json!({ "paths": ["/roses/"] })), 200);
    assert_eq!((&done["revalidated"], &done["pages"], &done["warnings"]), (&json!(true), &json!(1), &json!([])));
    assert_eq!((cache().as_str(), cache().as_str()), ("MISS", "HIT"));
    answer(program.post("/revalidate", &json!({ "paths": ["/{slug}/"] })), 200);
    assert_eq!(cache(), "MISS");
    answer(program.post("/revalidate", &json!({ "paths": ["/"], "type": "subtree", "mode": "stale" })), 200);
    assert_eq!(cache(), "STALE");

    let asked = json!({ "paths": ["/roses/", "/never/"], "mode": "refresh", "only_if_generated": true });
    let refreshed = send(program.post("/revalidate", &asked));
    assert_eq!(refreshed.cache(), "REVALIDATED");
    let results = &refreshed.json()["results"];
    assert_eq!((&results[0]["state"], &results[1]["state"]), (&json!("fresh"), &json!("not_generated")));

    let long = "t".repeat(257);
    let warned = answer(program.post("/revalidate", &json!({ "tags": [long, "posts:post"] })), 200);
    assert!(warned["warnings"][0].as_str().is_some_and(|text| text.contains(&long)), "{warned}");
    assert_eq!(refused(program.post("/revalidate", &json!({})), 422), "invalid");
}

#[test]
fn the_cache_can_be_looked_at() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let receipt = owner.published("Roses", "Flowers");
    site.get("/roses/");
    let explained = owner.get("/cache/explain?path=/roses/");
    assert_eq!(
        (&explained["state"], &explained["status"], &explained["route"]),
        (&json!("fresh"), &json!(200), &json!("post"))
    );
    let tag = format!("post:{}", id(&receipt["post"]));
    assert!(explained["tags"].as_array().is_some_and(|tags| tags.contains(&json!(tag))), "{explained}");
    let reads = explained["reads"].as_array().expect("reads");
    assert!(reads.iter().any(|read| read["kind"] == "post" && !read["tags"].as_array().expect("tags").is_empty()));
    assert_eq!(owner.get("/cache/explain?path=/tag/never/")["state"], "absent");
    assert_eq!(refused(owner.ask("GET", "/cache/explain?path=/no/route/at/all/"), 404), "no_route");

    let listed = owner.get("/cache/pages?q=roses&state=fresh");
    assert_eq!((&listed["total"], &listed["items"][0]["path"]), (&json!(1), &json!("/roses/")));
    let first = owner.get("/cache/pages?limit=1");
    let next = first["next"].as_str().expect("another page");
    assert!(owner.get(&format!("/cache/pages?limit=1&cursor={next}"))["items"][0]["path"].as_str() > Some(next));
    assert_eq!(owner.get(&format!("/cache/tags?q={tag}"))["items"][0]["tag"], tag);
    let summary = owner.get("/cache/summary");
    assert!(summary["pages"].as_u64() > Some(0) && summary["renders"].as_u64() > Some(0), "{summary}");
}

#[test]
fn a_demand_can_be_tried_first() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    owner.published("Roses", "Flowers");
    let program = Guest::program(&site, "revalidate");
    let before = owner.get("/cache/summary")["revision"].clone();
    let try_out = |mut asked: serde_json::Value| {
        asked["dry_run"] = json!(true);
        answer(program.post("/revalidate", &asked), 200)
    };
    let told = try_out(json!({ "paths": ["/roses"], "tags": ["t".repeat(257)] }));
    assert_eq!((&told["revalidated"], &told["pages"], &told["paths"]), (&json!(false), &json!(1), &json!(["/roses/"])));
    assert!(told["warnings"][0].as_str().is_some_and(|text| text.contains(&"t".repeat(257))), "{told}");
    let all = try_out(json!({ "paths": ["/"], "type": "subtree" }));
    assert_eq!(all["pages"].as_u64(), all["paths"].as_array().map(|paths| paths.len() as u64));
    let never = json!({ "paths": ["/archive/1/"], "mode": "refresh" });
    assert_eq!(try_out(never.clone())["paths"], json!(["/archive/1/"]), "it would be made");
    let mut if_there = never;
    if_there["only_if_generated"] = json!(true);
    assert_eq!(try_out(if_there)["pages"], 0);
    assert_eq!((site.get("/roses/").cache(), &owner.get("/cache/summary")["revision"]), ("HIT", &before));
}

#[test]
fn many_tags_are_one_demand_and_what_is_too_long_is_left_out() {
    let site = Site::empty();
    let owner = Guest::owner(&site, "empty");
    let receipt = owner.published("Roses", "Flowers");
    let program = Guest::program(&site, "revalidate");
    let mut tags: Vec<_> = (0..149).map(|n| format!("tag-{n}")).collect();
    tags.push(format!("post:{}", id(&receipt["post"])));
    let done = answer(program.post("/revalidate", &json!({ "tags": tags })), 200);
    assert_eq!((done["warnings"].as_array().map(Vec::len), done["pages"].as_u64() > Some(0)), (Some(0), true));
    assert_eq!(site.get("/roses/").cache(), "MISS");
    let path = format!("/{}", "p".repeat(1_024));
    let done = answer(program.post("/revalidate", &json!({ "paths": [&path] })), 200);
    assert!(done["warnings"][0].as_str().is_some_and(|text| text.contains(&path)) && done["pages"] == 0, "{done}");
}
