//! Small readings and rewritings of tokens.
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Type;
use syn::ext::IdentExt;

/// `quote!` whose local names the user's expressions cannot see, and which see none of theirs.
macro_rules! tokens {
    ($($t:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($t)*) };
}
pub(crate) use tokens;

/// Where the compiler points to when what stands there does not fit; names resolve as in `tokens!`.
pub(crate) fn pointing_at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// Names an item of a trait as `ty` has it: `<ty as trait_path>::item`.
///
/// Its first and last token stand where those of `ty` stand: every complaint about the trait is then at the same place,
/// and the compiler shows one of them.
pub(crate) fn associated(ty: &Type, trait_path: &TokenStream, item: &TokenStream) -> TokenStream {
    enclosed(ty, tokens!(<#ty as #trait_path>::#item))
}

/// The tokens, with the first and the last where those of `ty` stand.
pub(crate) fn enclosed(ty: &Type, tokens: TokenStream) -> TokenStream {
    let Some((start, end)) = ends(ty.to_token_stream()) else { return tokens };
    let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
    if let Some(first) = tokens.first_mut() {
        first.set_span(start);
    }
    if let Some(last) = tokens.last_mut() {
        last.set_span(end);
    }
    tokens.into_iter().collect()
}

/// A statement that names a function of a trait, for the complaint where `ty` lacks the trait.
///
/// A complaint about a bound of a function is longer; at the same place, the compiler shows the first alone.
pub(crate) fn unfit(ty: &Type, trait_path: &TokenStream, function: &TokenStream) -> TokenStream {
    let function = associated(ty, trait_path, function);
    tokens!(let _ = #function;)
}

/// Where the first token is, and the last.
fn ends(tokens: TokenStream) -> Option<(Span, Span)> {
    let (mut start, mut last) = (None, None);
    for token in tokens {
        let (open, close) = match &token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => ends(group.stream())?,
            TokenTree::Group(group) => (group.span_open(), group.span_close()),
            token => (token.span(), token.span()),
        };
        start.get_or_insert(open);
        last = Some(close);
    }
    Some((start?, last?))
}

/// The name without `r#`.
pub(crate) fn plain_name(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// `unit_price` → `UNIT_PRICE`.
pub(crate) fn constant_name(name: &str, span: Span) -> Ident {
    let upper = name.to_uppercase();
    match syn::parse_str::<Ident>(&upper) {
        Ok(_) => Ident::new(&upper, span),
        Err(_) => Ident::new_raw(name, span),
    }
}

/// `ItemTag` → `item_tag`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// The last name of a type's path: `Option` of `std::option::Option<u8>`.
pub(crate) fn type_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|s| &s.ident),
        Type::Group(group) => type_name(&group.elem),
        Type::Paren(paren) => type_name(&paren.elem),
        _ => None,
    }
}

pub(crate) fn is_option(ty: &Type) -> bool {
    type_name(ty).is_some_and(|name| name == "Option")
}

/// The tokens with `Self` replaced: items inside a function cannot use it.
pub(crate) fn without_self(tokens: TokenStream, name: &Ident) -> TokenStream {
    let replace = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut name = name.clone();
            name.set_span(ident.span());
            TokenTree::Ident(name)
        }
        TokenTree::Group(group) => {
            let mut inside = Group::new(group.delimiter(), without_self(group.stream(), name));
            inside.set_span(group.span());
            TokenTree::Group(inside)
        }
        other => other,
    };
    tokens.into_iter().map(replace).collect()
}

/// The tokens as one writes them: `Option<Vec<u8>>`, not `Option < Vec < u8 > >`.
pub(crate) fn show(tokens: TokenStream) -> String {
    let mut out = String::new();
    write_tokens(tokens, &mut out);
    out
}

fn write_tokens(tokens: TokenStream, out: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write_tokens(group.stream(), out);
                out.push_str(close);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                c @ (',' | ';') => out.extend([c, ' ']),
                c @ ('+' | '=') => out.extend([' ', c, ' ']),
                c => out.push(c),
            },
            word => {
                // two words in a row: `dyn Trait`, `'static str`
                if out.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    out.push(' ');
                }
                out.push_str(&word.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{show, snake_case};
    use quote::quote;

    #[test]
    fn types_are_shown_as_they_are_written() {
        assert_eq!(show(quote!(Option<std::vec::Vec<u8>>)), "Option<std::vec::Vec<u8>>");
        assert_eq!(show(quote!(Map<&'static str, [u8; 4]>)), "Map<&'static str, [u8; 4]>");
        assert_eq!(show(quote!(Box<dyn Any + Send>)), "Box<dyn Any + Send>");
    }

    #[test]
    fn a_table_is_named_in_snake_case() {
        assert_eq!(snake_case("ItemTag"), "item_tag");
        assert_eq!(snake_case("Tag"), "tag");
    }
}
