//! `#[derive(Record)]`: the fields of a struct as columns. Part of the crate `rustpipe`, which has its documentation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Data, DeriveInput, Error, Expr, ExprLit, Fields, Lit, LitStr, Meta};

/// Implements `rustpipe::Record`.
#[proc_macro_derive(Record, attributes(record))]
pub fn record(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(input as DeriveInput);
    implement(&input)
        .unwrap_or_else(Error::into_compile_error)
        .into()
}

fn implement(input: &DeriveInput) -> Result<TokenStream, Error> {
    let name = &input.ident;
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(
            name,
            "a record is a struct, since its fields are columns",
        ));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new_spanned(
            name,
            "the fields of a record need names, since they are columns",
        ));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "a record takes no parameters: its fields have types that Spark knows",
        ));
    }
    let count = fields.named.len();
    let mut names: Vec<String> = Vec::new();
    let mut described = Vec::new();
    let mut written = Vec::new();
    let mut read = Vec::new();
    for (place, field) in fields.named.iter().enumerate() {
        let (Some(ident), r#type) = (&field.ident, &field.ty) else {
            continue;
        };
        let name = renamed(&field.attrs)?.unwrap_or_else(|| ident.unraw().to_string());
        // Spark does not tell capitals apart.
        let key = name.to_lowercase();
        if names.contains(&key) {
            let message = format!("there is a field '{name}' already, up to capitals");
            return Err(Error::new_spanned(field, message));
        }
        names.push(key);
        let comment = documentation(&field.attrs);
        // What is wrong with a type is said at the type.
        let at = r#type.span();
        described.push(quote_spanned!(at=> ::rustpipe::Field::of::<#r#type>(#name, #comment)));
        written.push(quote_spanned!(at=> #place => ::rustpipe::Value::write(&self.#ident, row)));
        read.push(quote_spanned!(at=> #ident: ::rustpipe::derived::field(&mut fields, #name)?));
    }
    Ok(quote! {
        #[automatically_derived]
        impl ::rustpipe::Record for #name {
            const FIELDS: usize = #count;

            fn fields() -> ::std::vec::Vec<::rustpipe::Field> {
                ::std::vec![#(#described),*]
            }

            fn write(&self, field: usize, row: &mut ::rustpipe::derived::RowsWriter) {
                match field {
                    #(#written,)*
                    _ => ::std::unreachable!("the record has no such field"),
                }
            }

            fn read(
                mut fields: ::rustpipe::derived::Map,
            ) -> ::std::result::Result<Self, ::rustpipe::ReadError> {
                ::std::result::Result::Ok(Self { #(#read),* })
            }
        }
    })
}

/// The name in `#[record(name = "...")]`.
fn renamed(attributes: &[Attribute]) -> Result<Option<String>, Error> {
    let mut name = None;
    for attribute in attributes.iter().filter(|it| it.path().is_ident("record")) {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("name") {
                return Err(meta.error("expected `name = \"...\"`"));
            }
            name = Some(meta.value()?.parse::<LitStr>()?.value());
            Ok(())
        })?;
    }
    Ok(name)
}

/// The documentation in one line.
fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }) => Some(text.value().trim().to_owned()),
                _ => None,
            },
            _ => None,
        });
    lines.collect::<Vec<_>>().join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn what_is_no_record_is_refused_with_a_reason() {
        let refused: [(DeriveInput, &str); 5] = [
            (
                parse_quote!(
                    enum Shape {}
                ),
                "a record is a struct, since its fields are columns",
            ),
            (
                parse_quote!(
                    struct Pair(i64, i64);
                ),
                "the fields of a record need names, since they are columns",
            ),
            (
                parse_quote!(
                    struct Any<T> {
                        value: T,
                    }
                ),
                "a record takes no parameters: its fields have types that Spark knows",
            ),
            (
                parse_quote!(
                    struct Twice {
                        #[record(name = "Size")]
                        length: i64,
                        size: i64,
                    }
                ),
                "there is a field 'size' already, up to capitals",
            ),
            (
                parse_quote!(
                    struct Renamed {
                        #[record(title = "a")]
                        name: i64,
                    }
                ),
                "expected `name = \"...\"`",
            ),
        ];
        for (input, reason) in refused {
            assert_eq!(implement(&input).unwrap_err().to_string(), reason);
        }
    }
}
