//! A method as the checks see it: its types read, its samples parsed, its names put together.

use crate::catalog::{Method, Param, Service, Source};
use crate::load::place::Place;
use crate::sample::{self, Node, Request, Response};
use crate::types::Type;

use super::Report;
use super::scope::{Scope, Typed};

/// A method.
pub(super) struct View<'a> {
    pub(super) service: &'a Service,
    pub(super) method: &'a Method,
    /// `load`: the overload's own name, or the wire's without the service.
    pub(super) name: &'a str,
    /// `books.load`, as messages name it.
    pub(super) label: String,
    pub(super) place: Place,
    /// `BookService.load`
    pub(super) wire: String,
    /// What the names of its samples start with.
    pub(super) stem: String,
    /// The parameters that can travel, in wire order.
    pub(super) sent: Vec<Sent<'a>>,
    pub(super) returns: Typed,
    pub(super) request: Option<Request>,
    /// The answer that a reader can accept: documented, repaired or supplied.
    pub(super) answer: Option<Node>,
}

/// A parameter that can travel.
pub(super) struct Sent<'a> {
    pub(super) param: &'a Param,
    pub(super) label: String,
    pub(super) place: Place,
    pub(super) typed: Typed,
}

impl Sent<'_> {
    /// Whether the parameter travels in every call.
    pub(super) fn always_travels(&self) -> bool {
        self.param.group.is_none() && (!self.typed.type_.is_optional() || !self.is_omitted())
    }

    /// Whether the parameter may be missing in a call.
    pub(super) fn is_omitted(&self) -> bool {
        self.param.group.is_some() || self.param.is_omitted()
    }

    /// The type without its `?`.
    pub(super) fn required(&self) -> &Type {
        self.typed.type_.required()
    }
}

impl View<'_> {
    /// The name of one of the method's sample files.
    pub(super) fn file(&self, kind: &str) -> String {
        format!("{}.{kind}.xml", self.stem)
    }

    pub(super) fn param_place(&self, index: usize) -> Place {
        self.place.key("params").index(index)
    }

    pub(super) fn param_label(&self, param: &Param) -> String {
        format!("{}: parameter {:?}", self.label, param.name)
    }

    /// The file that holds the answer which a reader can accept.
    pub(super) fn answer_file(&self) -> String {
        self.file(self.method.outcome.answer())
    }

    pub(super) fn is_documented(&self) -> bool {
        self.method.source != Source::Known
    }
}

/// Makes the views of all methods, reporting what is wrong with their types.
pub(super) fn views<'a>(scope: &Scope<'a>, report: &mut Report<'_>) -> Vec<View<'a>> {
    let mut views = Vec::new();
    for file in &scope.catalog.services {
        for (method, position) in file.service.methods.iter().zip(&file.positions) {
            let place = Place::new(file.file.clone()).key("methods").index(*position);
            views.push(view(scope, &file.service, method, place, report));
        }
    }
    views
}

fn view<'a>(
    scope: &Scope<'a>,
    service: &'a Service,
    method: &'a Method,
    place: Place,
    report: &mut Report<'_>,
) -> View<'a> {
    let name = method.name();
    let label = format!("{}.{name}", service.accessor);
    let (wire, stem) = (method.wire_name(&service.service), method.stem(&service.service));
    let returns = &method.returns;
    let returns_label = format!("{label}: the answer");
    let returns = scope.read(&returns.type_, None, &place.key("returns"), &returns_label, report);
    let sent = Vec::new();
    let mut view = View { service, method, name, label, place, wire, stem, sent, returns, request: None, answer: None };
    let params = method.params.iter().enumerate();
    view.sent = params.filter_map(|(index, param)| sent_param(scope, &view, index, param, report)).collect();
    let samples = &scope.catalog.samples;
    let request = samples.get(&view.file("request")).filter(|_| method.source == Source::Documented);
    view.request = request.and_then(|xml| sample::request(xml).ok());
    let answer = samples.get(&view.answer_file()).and_then(|xml| sample::response(xml).ok());
    view.answer = answer.and_then(|response| match response {
        Response::Value(node) => Some(node),
        Response::Fault { .. } => None,
    });
    view
}

fn sent_param<'a>(
    scope: &Scope<'a>,
    view: &View<'_>,
    index: usize,
    param: &'a Param,
    report: &mut Report<'_>,
) -> Option<Sent<'a>> {
    let text = param.type_.as_ref().filter(|_| !param.dropped && param.member_of.is_none())?;
    let (label, place) = (view.param_label(param), view.param_place(index));
    let typed = scope.read(text, param.wire.as_deref(), &place, &label, report);
    Some(Sent { param, label, place, typed })
}
