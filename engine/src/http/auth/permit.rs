//! Permits: what each role may do, and each token. Pure.

use crate::model::user::Role;

/// What somebody may do with the site as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Can {
    /// Look at tags, authors, menus, settings, media, events, and posts as far as they may see them.
    Read,
    /// Write posts of their own.
    Write,
    Upload,
    EditTerms,
    /// Rename, replace and delete files of the library.
    EditMedia,
    EditMenus,
    EditSettings,
    /// Let people and programs in, and see what they did.
    ManagePeople,
    MakeOwners,
    WatchCache,
    Revalidate,
}

/// What somebody does with one post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    See,
    Save,
    /// Anything that changes what readers see now or later: publish, unpublish, schedule.
    Publish,
    /// Into the trash, and out of it.
    Trash,
}

/// What a post has to do with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stake {
    /// They made it, or are one of its authors.
    pub own: bool,
    /// Readers see it, or will at a time that is set.
    pub live: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Yes,
    No(&'static str),
    /// They are not to know that it exists.
    Unseen,
}

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All that its owner may do.
    Admin,
    ContentRead,
    Revalidate,
}

impl Scope {
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "admin" => Some(Self::Admin),
            "content:read" => Some(Self::ContentRead),
            "revalidate" => Some(Self::Revalidate),
            _ => None,
        }
    }

    pub fn covers(self, can: Can) -> bool {
        match self {
            Self::Admin => true,
            Self::ContentRead => can == Can::Read,
            Self::Revalidate => can == Can::Revalidate,
        }
    }
}

/// Whether a role may do this at all.
pub fn may(role: Role, can: Can) -> bool {
    match can {
        Can::Read | Can::Write => true,
        Can::Upload => role != Role::Contributor,
        Can::EditTerms | Can::EditMedia | Can::EditMenus | Can::WatchCache | Can::Revalidate => sees_all(role),
        Can::EditSettings | Can::ManagePeople => matches!(role, Role::Owner | Role::Administrator),
        Can::MakeOwners => role == Role::Owner,
    }
}

/// Whether a role sees and edits what others write.
pub fn sees_all(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Administrator | Role::Editor)
}

/// Whether somebody with this role may do this with this post.
pub fn on_post(role: Role, act: Act, stake: Stake) -> Verdict {
    if sees_all(role) {
        return Verdict::Yes;
    }
    match (stake.own, role, act) {
        (false, ..) => Verdict::Unseen,
        (true, Role::Contributor, Act::Publish) => {
            Verdict::No("Contributors hand in drafts; an editor publishes them.")
        }
        (true, Role::Contributor, Act::Save | Act::Trash) if stake.live => {
            Verdict::No("This post is published or scheduled, so an editor has to change it.")
        }
        (true, ..) => Verdict::Yes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 5] = [Role::Owner, Role::Administrator, Role::Editor, Role::Author, Role::Contributor];

    fn who_may(can: Can) -> usize {
        ROLES.iter().filter(|role| may(**role, can)).count()
    }

    #[test]
    fn each_role_may_what_the_one_below_may_and_more() {
        use Can::*;
        for can in [
            Read,
            Write,
            Upload,
            EditTerms,
            EditMedia,
            EditMenus,
            EditSettings,
            ManagePeople,
            MakeOwners,
            WatchCache,
            Revalidate,
        ] {
            assert!(ROLES.iter().take(who_may(can)).all(|role| may(*role, can)), "{can:?}");
        }
        assert_eq!(who_may(MakeOwners), 1);
        assert_eq!(who_may(EditSettings), 2);
        assert_eq!(who_may(EditMenus), 3);
        assert_eq!(who_may(Upload), 4);
        assert_eq!(who_may(Write), 5);
    }

    #[test]
    fn authors_publish_their_own_posts_and_do_not_see_those_of_others() {
        let own = Stake { own: true, live: false };
        assert_eq!(on_post(Role::Author, Act::Publish, own), Verdict::Yes);
        assert_eq!(on_post(Role::Author, Act::See, Stake { own: false, live: true }), Verdict::Unseen);
        assert_eq!(on_post(Role::Editor, Act::Publish, Stake { own: false, live: true }), Verdict::Yes);
    }

    #[test]
    fn contributors_only_save_drafts() {
        let draft = Stake { own: true, live: false };
        assert_eq!(on_post(Role::Contributor, Act::Save, draft), Verdict::Yes);
        assert!(matches!(on_post(Role::Contributor, Act::Publish, draft), Verdict::No(_)));
        let live = Stake { own: true, live: true };
        assert_eq!(on_post(Role::Contributor, Act::See, live), Verdict::Yes);
        assert!(matches!(on_post(Role::Contributor, Act::Save, live), Verdict::No(_)));
        assert!(matches!(on_post(Role::Contributor, Act::Trash, live), Verdict::No(_)));
    }

    #[test]
    fn a_token_opens_what_its_scope_says_and_no_more() {
        assert!(Scope::Revalidate.covers(Can::Revalidate) && !Scope::Revalidate.covers(Can::Read));
        assert!(Scope::ContentRead.covers(Can::Read) && !Scope::ContentRead.covers(Can::Write));
        assert!(Scope::Admin.covers(Can::EditSettings));
        assert_eq!(Scope::parse("root"), None);
    }
}
