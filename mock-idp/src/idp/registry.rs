//! Clients, people and authorization servers that come and go while the server runs.

use super::Idp;
use crate::setup::{AuthorizationServer, Client, User};

impl Idp {
    /// Registers a client, in place of one with the same id. Whether there was one.
    pub fn put_client(&mut self, client: Client) -> bool {
        put(&mut self.setup.clients, client, |client| &client.id)
    }

    /// Forgets a client: from now on it is unknown, and its codes and tokens with it. Whether there was one.
    pub fn remove_client(&mut self, id: &str) -> bool {
        remove(&mut self.setup.clients, id, |client| &client.id)
    }

    /// Lets somebody sign in, in place of one of the same name. Whether there was one.
    pub fn put_user(&mut self, user: User) -> bool {
        put(&mut self.setup.users, user, |user| &user.username)
    }

    /// Forgets somebody: what they approved ends in no token, and their tokens open nothing. Whether there was one.
    pub fn remove_user(&mut self, username: &str) -> bool {
        remove(&mut self.setup.users, username, |user| &user.username)
    }

    /// Opens an authorization server, in place of one with the same id. Whether there was one. Only Okta has them.
    pub fn put_authorization_server(&mut self, server: AuthorizationServer) -> bool {
        put(&mut self.setup.authorization_servers, server, |server| &server.id)
    }

    /// Closes an authorization server: its paths are gone, and its codes and tokens with it. Whether there was one.
    pub fn remove_authorization_server(&mut self, id: &str) -> bool {
        remove(&mut self.setup.authorization_servers, id, |server| &server.id)
    }
}

/// Puts something in place of what has the same name, else at the end. Whether it replaced anything.
fn put<T>(list: &mut Vec<T>, new: T, name: impl Fn(&T) -> &String) -> bool {
    let kept = list.iter_mut().find(|each| name(each) == name(&new));
    let replaced = kept.is_some();
    match kept {
        Some(kept) => *kept = new,
        None => list.push(new),
    }
    replaced
}

/// Takes out what has this name. Whether there was anything.
fn remove<T>(list: &mut Vec<T>, gone: &str, name: impl Fn(&T) -> &String) -> bool {
    let before = list.len();
    list.retain(|each| name(each) != gone);
    list.len() < before
}
