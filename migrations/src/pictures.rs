//! What is known of a picture beyond its size: the colour it has most of, and the point that is never cut off.

use sea_orm_migration::{prelude::*, schema::*};

pub(crate) struct ExtendPictures;

impl MigrationName for ExtendPictures {
    fn name(&self) -> &str {
        "m0013_pictures"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ExtendPictures {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in [text_null("color"), integer_null("focus_x"), integer_null("focus_y")] {
            manager.alter_table(Table::alter().table("media").add_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
