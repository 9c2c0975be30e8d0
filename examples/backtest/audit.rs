//! What must add up, to the cent.
use crate::models::{Account, Bar, Fill, InstrumentId, Mark, Order, Position, Status};
use crate::simulation::START;
use memorm::Result;
use memorm::prelude::*;

/// Checks the books.
///
/// # Panics
/// Where they are wrong.
pub fn check(db: &Database, instrument_id: InstrumentId) -> Result<()> {
    db.assert_consistent();
    let books = db.snapshot();
    for account in books.all(select::<Account>())? {
        account_adds_up(&books, &account, instrument_id)?;
    }
    each_fill_belongs_to_a_filled_order(&books)?;
    rejected_orders_left_no_trace(&books)
}

fn account_adds_up(books: &Snapshot, account: &Account, instrument_id: InstrumentId) -> Result<()> {
    let fills = select::<Fill>().filter(Fill::ACCOUNT_ID.eq(account.id));
    let paid = (Fill::QTY * Fill::PRICE + Fill::FEE).sum();
    let (shares, paid) = fills.aggregate((Fill::QTY.sum(), paid), books)?;
    let (shares, paid) = (shares.unwrap_or(0), paid.unwrap_or(0));

    let position = books.peek::<Position>((account.id, instrument_id)).map_or(0, |position| position.qty);
    assert_eq!(shares, i128::from(position), "the fills of {} make its position", account.name);
    assert_eq!(
        i128::from(START) - paid,
        i128::from(account.cash),
        "the fills of {} explain its cash",
        account.name
    );

    let last_bar = select::<Bar>().order_by(Bar::DAY.desc()).first(books)?;
    if let Some(bar) = last_bar {
        let mark = books.get_one::<Mark>((account.id, bar.day))?;
        let worth = account.cash + position * bar.close;
        assert_eq!(mark.cash + mark.shares, worth, "cash and shares are the equity of {}", account.name);
    }
    Ok(())
}

fn each_fill_belongs_to_a_filled_order(books: &Snapshot) -> Result<()> {
    let fills = books.all(select::<Fill>())?;
    for fill in &fills {
        let order = books.get_one::<Order>(fill.order_id)?;
        assert_eq!((order.status, order.qty), (Status::Filled, fill.qty.abs()), "{order:?}");
        assert!(order.placed < fill.day, "no order is filled on the day on which it was placed: {order:?}");
    }
    let filled = select::<Order>().filter(Order::STATUS.eq(Status::Filled)).count(books)?;
    assert_eq!(filled, fills.len());
    Ok(())
}

/// The attempt had added a fill and changed a position before the account refused to pay.
fn rejected_orders_left_no_trace(books: &Snapshot) -> Result<()> {
    for order in books.all(select::<Order>().filter(Order::STATUS.eq(Status::Rejected)))? {
        assert!(
            order.reason.as_deref().is_some_and(|reason| reason.contains("cents are missing")),
            "{order:?}"
        );
        assert!(!select::<Fill>().filter(Fill::ORDER_ID.eq(order.id)).exists(books)?, "{order:?}");
    }
    Ok(())
}
