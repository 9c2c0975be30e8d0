//! Forty registered models that nobody writes to: a database of the usual size.
use memorm::prelude::*;

macro_rules! dummies {
    ($($name:ident)*) => {
        $(
            #[derive(Model, Clone, Debug)]
            pub struct $name {
                #[model(primary_key, auto)]
                pub id: u64,
                #[model(unique)]
                pub name: String,
                #[model(index)]
                pub rank: i64,
                pub note: Option<String>,
            }
        )*

        /// Registers all of them.
        pub fn register(db: &Database) -> memorm::Result<()> {
            $(db.register::<$name>()?;)*
            Ok(())
        }
    };
}

dummies! {
    M00 M01 M02 M03 M04 M05 M06 M07 M08 M09 M10 M11 M12 M13 M14 M15 M16 M17 M18 M19
    M20 M21 M22 M23 M24 M25 M26 M27 M28 M29 M30 M31 M32 M33 M34 M35 M36 M37 M38
}
