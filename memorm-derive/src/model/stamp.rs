//! `stamp`: what memorm writes into a row by itself.
use super::access::call;
use super::ast::{Column, Model, Source, SourceValue};
use super::constructor;
use crate::tokens::{tokens, unfit};
use proc_macro2::TokenStream;

pub(super) fn stamp(model: &Model) -> TokenStream {
    let columns = model.columns.iter().map(|c| column(model, c));
    tokens! {
        let _ = (&old, &stamps);
        #(#columns)*
        ::core::result::Result::Ok(())
    }
}

fn column(model: &Model, column: &Column) -> TokenStream {
    let private = model.private();
    let Column { index, field, ty, .. } = column;
    let auto = column.auto.map(|_| {
        let unfit = unfit(ty, &tokens!(#private::Counter), &tokens!(from_u64));
        tokens! {
            #unfit
            if ::core::option::Option::is_none(&old) {
                #private::assign_auto::<#ty>(&mut self.#field, #index, stamps)?;
            }
        }
    });
    let version = column.version.map(|_| {
        let unfit = unfit(ty, &tokens!(#private::Counter), &tokens!(from_u64));
        tokens! {
            #unfit
            #private::bump_version::<#ty>(&mut self.#field, match old {
                ::core::option::Option::Some(old) => {
                    ::core::option::Option::Some(::core::clone::Clone::clone(&old.#field))
                }
                ::core::option::Option::None => ::core::option::Option::None,
            });
        }
    });
    // `on_update = now` fills new rows as well
    let is_now = |source: &Option<Source>| matches!(source, Some(Source { value: SourceValue::Now, .. }));
    let fill = (is_now(&column.default) || is_now(&column.on_update)).then(|| {
        let unfit = unfit(ty, &tokens!(#private::ClockTime), &tokens!(from_ticks));
        tokens! {
            #unfit
            if ::core::option::Option::is_none(&old) {
                #private::fill_now::<#ty>(&mut self.#field, stamps);
            }
        }
    });
    let renew = column.on_update.as_ref().map(|source| renew(model, column, source));
    tokens!(#auto #version #fill #renew)
}

/// A new value for an updated row, unless the update itself has given one.
fn renew(model: &Model, column: &Column, source: &Source) -> TokenStream {
    let private = model.private();
    let (name, ty) = (&column.field, &column.ty);
    let renew = match &source.value {
        SourceValue::Now => tokens!(#private::renew_now::<#ty>(&mut self.#name, &old.#name, stamps);),
        _ => {
            let value = constructor::value(model, column, source);
            let ours = call(model, column, "cell", &tokens!(&self.#name));
            let theirs = call(model, column, "cell", &tokens!(&old.#name));
            let is_untouched = match column.is_opaque() {
                true => tokens!(true),
                false => tokens!(::core::cmp::PartialEq::eq(&#ours, &#theirs)),
            };
            tokens!(if #is_untouched { self.#name = #value; })
        }
    };
    tokens! {
        if let ::core::option::Option::Some(old) = old {
            let _ = &old;
            #renew
        }
    }
}
