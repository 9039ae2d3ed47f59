//! What the samples show of structs, against what `types.yaml` says of their members.

use std::collections::BTreeMap;

use crate::catalog::{Member, Struct};
use crate::load::place::Place;
use crate::sample::Node;
use crate::types::Type;

use super::scope::{Named, Scope, Typed};
use super::view::View;
use super::{Difference, Report};

/// The samples' values for a member, with the methods that show them.
type Values<'a> = Vec<(&'a Node, &'a View<'a>)>;

/// What the samples show of structs: by the struct's name, by the member's.
pub(super) struct Evidence<'a>(BTreeMap<String, BTreeMap<&'a str, Values<'a>>>);

impl<'a> Evidence<'a> {
    pub(super) fn new(scope: &Scope<'_>, views: &'a [View<'a>]) -> Evidence<'a> {
        let mut evidence = Evidence(BTreeMap::new());
        for view in views {
            if let Some(request) = &view.request {
                let leading = usize::from(scope.api.key.is_some() && view.method.key.is_none());
                for (sent, node) in view.sent.iter().zip(request.params.iter().skip(leading)) {
                    evidence.collect(scope, &sent.typed.type_, node, view);
                }
            }
            if let Some(node) = &view.answer {
                evidence.collect(scope, &view.returns.type_, node, view);
            }
        }
        evidence
    }

    fn collect(&mut self, scope: &Scope<'_>, type_: &Type, node: &'a Node, view: &'a View<'a>) {
        match (type_, node) {
            (Type::Optional(inner), node) => self.collect(scope, inner, node, view),
            (Type::Array(inner), Node::Array(items)) => {
                items.iter().for_each(|item| self.collect(scope, inner, item, view));
            }
            (Type::Map(_, inner), Node::Struct(members)) => {
                members.iter().for_each(|(_, node)| self.collect(scope, inner, node, view));
            }
            (Type::Named(name), Node::Struct(members)) => {
                let Named::Struct(described) = scope.named(name) else {
                    return;
                };
                let shown = self.0.entry(name.clone()).or_default();
                for (member, node) in members {
                    shown.entry(member).or_default().push((node, view));
                }
                for (member, node) in members {
                    let known = described.members.iter().find(|known| known.name == *member);
                    if let Some(Ok(type_)) = known.map(|known| Type::parse(&known.type_)) {
                        self.collect(scope, &type_, node, view);
                    }
                }
            }
            _ => {}
        }
    }

    /// How the samples differ from what is said of a member; a struct that no sample shows has no differences.
    pub(super) fn differences(&self, name: &str, member: &Member, typed: &Typed) -> Vec<Difference> {
        let Some(members) = self.0.get(name) else {
            return Vec::new();
        };
        let Some(values) = members.get(member.name.as_str()) else {
            return vec![Difference::new("unsampled", "none of the samples that show the struct has it")];
        };
        let differences = values.iter().filter_map(|(node, view)| {
            let source = format!("its type in the sample of {}", view.label);
            typed.difference("sample_type", &source, Some(&node.wire()))
        });
        differences.take(1).collect()
    }

    /// Reports members that samples show and the struct lacks.
    pub(super) fn check_complete(&self, name: &str, described: &Struct, place: &Place, report: &mut Report<'_>) {
        let members = self.0.get(name).into_iter().flatten();
        for (member, values) in members.filter(|(name, _)| !described.members.iter().any(|known| known.name == **name))
        {
            for (_, view) in values.iter().take(1) {
                let message = format!("{name}: the sample of {} shows a member {member:?} that it lacks", view.label);
                report.error(place, message);
            }
        }
    }
}
