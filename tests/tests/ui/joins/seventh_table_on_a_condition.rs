mod models;
use memorm::prelude::*;
use models::*;

fn main() -> memorm::Result<()> {
    let session = Database::new().session();
    select::<ItemTag>().join(ItemTag::ITEM).join(ItemTag::TAG).join(Item::VENDOR).join(Vendor::PARENT)
        .join(Vendor::PARENT.at(At::<4>)).join_on::<Item>(on(Tag::NAME).eq("red")).all(&session)?;
    Ok(())
}
