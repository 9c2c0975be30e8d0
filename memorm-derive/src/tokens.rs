//! Small readings and rewritings of tokens.
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
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
