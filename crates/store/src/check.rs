//! Whether the schema is the one that this release was built for.

use domain::access::Visibility;
use sea_orm::{EntityName as _, EntityTrait as _, QuerySelect as _};

use crate::{Store, StoreError, entity::for_each_table};

impl Store {
    /// Reads no row of every table: fails where a table or a column is missing. Returns the names of the tables.
    ///
    /// # Errors
    /// The database refuses a statement, or is unavailable.
    pub async fn check_schema(&self) -> Result<Vec<&'static str>, StoreError> {
        let tx = self.read(&Visibility::System).await?;
        let mut tables = Vec::new();
        macro_rules! read {
            ($($table:ident)*) => {$(
                crate::entity::$table::Entity::find().limit(0).all(tx.connection()).await?;
                tables.push(crate::entity::$table::Entity.table_name());
            )*};
        }
        for_each_table!(read);
        Ok(tables)
    }
}
