//! Offstage: stages that readers do not see, of which browsers may still ask for assets: the one before, whose pages are open
//! somewhere, and those that somebody looks at before a switch.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use super::stage::Stage;

/// Stages beyond this many are forgotten, the one that came first.
const MOST: usize = 6;

#[derive(Debug, Default)]
pub struct Offstage(Mutex<VecDeque<Arc<Stage>>>);

impl Offstage {
    pub fn take(&self, stage: Arc<Stage>) {
        let mut stages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stages.retain(|known| {
            known.theme.id != stage.theme.id || known.fingerprint_of_all() != stage.fingerprint_of_all()
        });
        stages.push_back(stage);
        if stages.len() > MOST {
            stages.pop_front();
        }
    }

    /// A stage that has this asset.
    pub fn with_asset(&self, url: &str) -> Option<Arc<Stage>> {
        let stages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stages.iter().find(|stage| stage.asset(url).is_some()).cloned()
    }
}
