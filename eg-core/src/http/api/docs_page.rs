//! Documentation page: the OpenAPI document, drawn for people. It loads nothing from elsewhere.

use super::openapi;
use crate::http::context::Context;
use crate::http::locale::Locale;
use crate::http::problem_type::ProblemType;
use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use eg_page::Page;
use maud::{Markup, html};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Returns the routes `/openapi.json` and `/docs`.
pub(super) fn routes(document: Arc<Value>) -> Router<Context> {
    let shown = document.clone();
    let json = move || async move { Json(Value::clone(&document)) };
    let page = move |State(context): State<Context>, spoken: Locale| async move {
        page(&context, spoken, &shown)
    };
    Router::new().route("/openapi.json", get(json)).route("/docs", get(page))
}

fn page(context: &Context, Locale(lang): Locale, api: &Value) -> Markup {
    let tags = api["tags"].as_array().map(Vec::as_slice).unwrap_or_default();
    let main = html! {
        section.card {
            p { (prose(&api["info"]["description"])) }
            p.row {
                a href="/openapi.json" { "openapi.json" }
                @for tag in tags { a href=(format!("#{}", text(&tag["name"]))) { (text(&tag["name"])) } }
                a href="#problems" { "problems" }
                a href="#schemas" { "schemas" }
            }
        }
        @for tag in tags {
            section.card id=(text(&tag["name"])) {
                h2 { (text(&tag["description"])) }
                @for (path, method, operation) in operations(api, text(&tag["name"])) {
                    (route(path, method, operation))
                }
            }
        }
        section.card id="problems" {
            h2 { "Problems" }
            div.scroll { table {
                thead { tr { th { "type" } th { "status" } th { "title" } } }
                tbody { @for kind in ProblemType::ALL {
                    @let (name, status, ..) = kind.told();
                    tr id=(format!("problem-{name}")) {
                        td { code { "/docs#problem-" (name) } }
                        td { (status.as_u16()) }
                        td { (openapi::title(kind, lang)) }
                    }
                } }
            } }
        }
        section.card id="schemas" {
            h2 { "Schemas" }
            @for (name, schema) in entries(&api["components"]["schemas"]) {
                details id=(format!("schema-{name}")) {
                    summary { code { (name) } }
                    pre.mono.scroll tabindex="0" { (pretty(schema)) }
                }
            }
        }
    };
    let header = html! { a.quiet href="/" { (context.words.say(lang, "title")) } };
    let page = Page { title: "API", lang, live: None, header: &header };
    page.document(&context.words, &main)
}

/// Returns the operations under a tag, each as path, method and operation.
fn operations<'a>(
    api: &'a Value,
    tag: &'a str,
) -> impl Iterator<Item = (&'a String, &'a String, &'a Value)> {
    let tagged = move |operation: &Value| {
        operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|name| name == tag))
    };
    entries(&api["paths"]).flat_map(move |(path, methods)| {
        let all = entries(methods).filter(move |(_, operation)| tagged(operation));
        all.map(move |(method, operation)| (path, method, operation))
    })
}

fn route(path: &str, method: &str, operation: &Value) -> Markup {
    let body = &operation["requestBody"]["content"]["application/json"];
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        details id=(text(&operation["operationId"])) {
            summary {
                span.chip.mono { (method.to_uppercase()) } " " code { (path) } " "
                span.soft { (text(&operation["summary"])) } " "
                span.pill { (text(&operation["x-role"])) }
            }
            div.tight {
                @if operation["description"].is_string() { p { (prose(&operation["description"])) } }
                @for parameter in parameters {
                    p.small { code { (text(&parameter["name"])) } span.soft { " · " (text(&parameter["in"])) }
                        " " (prose(&parameter["description"])) }
                }
                @if !body.is_null() {
                    p.small { "Body: " (schema(&body["schema"])) }
                    @if !body["example"].is_null() { pre.mono.scroll tabindex="0" { (pretty(&body["example"])) } }
                }
                @for (status, answer) in entries(&operation["responses"]) {
                    @let content = entries(&answer["content"]).next();
                    p.small {
                        strong { (status) } " " (prose(&answer["description"]))
                        @if let Some((media, content)) = content {
                            span.soft { " " (media) " " } (schema(&content["schema"]))
                        }
                    }
                    @if let Some((_, content)) = content {
                        @if !content["example"].is_null() { pre.mono.scroll tabindex="0" { (pretty(&content["example"])) } }
                    }
                }
            }
        }
    }
}

/// Renders a link to a schema, by the schema's name.
fn schema(schema: &Value) -> Markup {
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    html! { @if let Some(name) = name { a href=(format!("#schema-{name}")) { code { (name) } } } }
}

/// Renders a text in which back ticks mark code.
fn prose(value: &Value) -> Markup {
    html! {
        @for (place, piece) in text(value).split('`').enumerate() {
            @if place % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flat_map(Map::iter)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
