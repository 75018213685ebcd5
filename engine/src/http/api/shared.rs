//! What all web workers share beside the desk.

use actix_web::web::Data;

use crate::{
    http::{auth::throttle::Throttle, desk::Desk, events::Journal, presence::Presence},
    proxies::Proxies,
};

/// Made once, before the workers start.
#[derive(Clone, Debug)]
pub struct Shared {
    pub(super) door: Data<Door>,
    pub(super) journal: Data<Journal>,
    pub(super) presence: Data<Presence>,
}

/// Who may knock how often.
#[derive(Debug)]
pub struct Door {
    pub throttle: Throttle,
    pub proxies: Proxies,
}

impl Shared {
    pub fn new(desk: &Desk, proxies: Proxies) -> Self {
        Self {
            door: Data::new(Door { throttle: Throttle::default(), proxies }),
            journal: Data::new(Journal::start(&desk.events, &desk.runtime)),
            presence: Data::default(),
        }
    }

    /// Ends connections that would never end by themselves.
    pub fn close(&self) {
        self.journal.close();
    }
}
