//! What the logs keep, and what a start with older pages can know from them.

use perennial::{
    content::{
        outbox::{self, Span},
        prune::{Pruned, prune},
    },
    model::{audit, outbox as change, site as counter},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;
use uuid::Uuid;

use crate::site::on_each_database;

const DAY: i64 = 86_400_000;

#[test]
fn old_lines_go_and_what_a_restart_needs_stays() {
    on_each_database(async |site| {
        let now = 1_000 * DAY;
        let db = &site.db.writer;
        counter::Entity::update_many().col_expr(counter::Column::Revision, 20_000.into()).exec(db).await.unwrap();
        for (revision, days) in [(5, 40), (6, 2), (15_000, 40), (20_000, 1)] {
            let none = json!([]);
            let line = change::ActiveModel {
                revision: Set(revision),
                tags: Set(none.clone()),
                gone: Set(none.clone()),
                born: Set(none),
                demand: Set(None),
                at: Set(now - days * DAY),
            };
            change::Entity::insert(line).exec_without_returning(db).await.unwrap();
        }
        for days in [500, 300] {
            let line = audit::ActiveModel {
                id: Set(Uuid::now_v7()),
                at: Set(now - days * DAY),
                actor: Set("system".into()),
                action: Set("publish".into()),
                entity: Set("post".into()),
                entity_id: Set("1".into()),
                detail: Set(json!({})),
            };
            audit::Entity::insert(line).exec_without_returning(db).await.unwrap();
        }
        assert_eq!(prune(&site.db, now).await.unwrap(), Pruned { changes: 1, deeds: 1, deliveries: 0 });
        let left = outbox::after(db, 0, 10).await.unwrap();
        assert_eq!(left.iter().map(|change| change.revision).collect::<Vec<_>>(), [6, 15_000, 20_000]);

        let span = Span::of(db, 20_000).await.unwrap();
        assert!(!span.follows(4), "the change after it is not known any more");
        assert!(span.follows(5) && span.follows(20_000));
        assert!(!span.follows(20_001), "it is of another history");
    });
}
