//! `#[model(a, b = c, d(..))]`, entry by entry.
//!
//! Must stay true: a wrong entry is reported and skipped up to the next comma, so that the ones after it are read.
use crate::mistakes::Mistakes;
use proc_macro2::{Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Expr, Ident, LitStr, Path, Result, Token};

/// Calls `entry` for each entry of each `#[name(..)]`.
pub(crate) fn each_entry(
    attributes: &[Attribute],
    name: &str,
    mistakes: &mut Mistakes,
    mut entry: impl FnMut(&Ident, ParseStream<'_>, &mut Mistakes) -> Result<()>,
) {
    for attribute in attributes.iter().filter(|a| a.path().is_ident(name)) {
        let read = attribute.parse_args_with(|input: ParseStream<'_>| {
            each(input, mistakes, &mut entry);
            Ok(())
        });
        mistakes.keep(read);
    }
}

/// Calls `entry` for each entry of a list in parentheses.
pub(crate) fn arguments(
    input: ParseStream<'_>,
    mistakes: &mut Mistakes,
    mut read: impl FnMut(ParseStream<'_>, &mut Mistakes) -> Result<()>,
) -> Result<()> {
    let content;
    syn::parenthesized!(content in input);
    let done = read(&content, mistakes);
    // an unread rest would be a second mistake
    content.parse::<TokenStream>()?;
    done
}

/// Calls `entry` for each `name ..` between commas.
pub(crate) fn each(
    input: ParseStream<'_>,
    mistakes: &mut Mistakes,
    entry: &mut impl FnMut(&Ident, ParseStream<'_>, &mut Mistakes) -> Result<()>,
) {
    while !input.is_empty() {
        let read = one(input, mistakes, entry);
        if mistakes.keep(read).is_none() {
            skip(input);
        }
        let _comma: Result<Option<Token![,]>> = input.parse();
    }
}

fn one(
    input: ParseStream<'_>,
    mistakes: &mut Mistakes,
    entry: &mut impl FnMut(&Ident, ParseStream<'_>, &mut Mistakes) -> Result<()>,
) -> Result<()> {
    // `crate` is a name here
    let name = input.call(Ident::parse_any).map_err(|e| Error::new(e.span(), "expected a name"))?;
    entry(&name, input, mistakes)?;
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    let message = match input.peek(Token![=]) || input.peek(syn::token::Paren) {
        true => format!("`{name}` takes no value"),
        false => format!("expected `,` after `{name}`"),
    };
    Err(Error::new(input.span(), message))
}

fn skip(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        let _token: Result<TokenTree> = input.parse();
    }
}

/// Marks a name as given.
pub(crate) fn once(slot: &mut Option<Span>, name: &Ident) -> Result<()> {
    only_once(slot.is_some(), name)?;
    *slot = Some(name.span());
    Ok(())
}

pub(crate) fn only_once(is_given: bool, name: &Ident) -> Result<()> {
    match is_given {
        true => Err(Error::new(name.span(), format!("`{name}` is given twice"))),
        false => Ok(()),
    }
}

/// Reads `= value`; `example` is what a mistake is answered with.
pub(crate) fn value<T: Parse>(name: &Ident, input: ParseStream<'_>, example: &str) -> Result<T> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Err(Error::new(name.span(), format!("`{name}` needs a value: `{example}`")));
    }
    let at = if input.is_empty() { name.span() } else { input.span() };
    input.parse().map_err(|_| Error::new(at, format!("expected `{example}`")))
}

/// Reads `= expression`, up to the next comma that is not part of it.
pub(crate) fn expression(name: &Ident, input: ParseStream<'_>, example: &str) -> Result<TokenStream> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Err(Error::new(name.span(), format!("`{name}` needs a value: `{example}`")));
    }
    if input.is_empty() || input.peek(Token![,]) {
        return Err(Error::new(name.span(), format!("expected `{example}`")));
    }
    // syn reads the expressions that have commas; what it does not know (blocks, `if`, arrays) has none outside of
    // brackets, and is left to the compiler
    let ahead = input.fork();
    let is_read = ahead.parse::<Expr>().is_ok() && (ahead.is_empty() || ahead.peek(Token![,]));
    let mut tokens = TokenStream::new();
    if is_read {
        let expression: Expr = input.parse()?;
        return Ok(quote::quote!(#expression));
    }
    while !input.is_empty() && !input.peek(Token![,]) {
        tokens.extend([input.parse::<TokenTree>()?]);
    }
    Ok(tokens)
}

/// Reads `= "path"` of `crate = ".."`.
pub(crate) fn crate_path(name: &Ident, input: ParseStream<'_>) -> Result<Path> {
    let example = r#"crate = "my_memorm""#;
    let text: LitStr = value(name, input, example)?;
    text.parse_with(Path::parse_mod_style)
        .map_err(|_| Error::new(text.span(), format!("expected a path: `{example}`")))
}
