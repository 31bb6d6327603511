//! Pure decisions: a record, the moment and a rule go in, a verdict comes out.

pub(crate) mod access_policy;
pub(crate) mod device;
pub(crate) mod refresh;
