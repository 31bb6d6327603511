//! Clients, people and authorization servers that come and go while the server runs.

use super::Idp;
use crate::setup::{AuthorizationServer, Client, User};

impl Idp {
    /// Registers a client, in place of one with the same id. Whether there was one.
    pub fn put_client(&mut self, client: Client) -> bool {
        let clients = &mut self.setup.clients;
        let kept = clients.iter_mut().find(|each| each.id == client.id);
        let replaced = kept.is_some();
        match kept {
            Some(kept) => *kept = client,
            None => clients.push(client),
        }
        replaced
    }

    /// Forgets a client: from now on it is unknown, and its codes and tokens with it. Whether there was one.
    pub fn remove_client(&mut self, id: &str) -> bool {
        let before = self.setup.clients.len();
        self.setup.clients.retain(|each| each.id != id);
        self.setup.clients.len() < before
    }

    /// Lets somebody sign in, in place of one of the same name. Whether there was one.
    pub fn put_user(&mut self, user: User) -> bool {
        let users = &mut self.setup.users;
        let kept = users.iter_mut().find(|each| each.username == user.username);
        let replaced = kept.is_some();
        match kept {
            Some(kept) => *kept = user,
            None => users.push(user),
        }
        replaced
    }

    /// Forgets somebody: what they approved ends in no token, and their tokens open nothing. Whether there was one.
    pub fn remove_user(&mut self, username: &str) -> bool {
        let before = self.setup.users.len();
        self.setup.users.retain(|each| each.username != username);
        self.setup.users.len() < before
    }

    /// Opens an authorization server, in place of one with the same id. Whether there was one. Only Okta has them.
    pub fn put_authorization_server(&mut self, server: AuthorizationServer) -> bool {
        let servers = &mut self.setup.authorization_servers;
        let kept = servers.iter_mut().find(|each| each.id == server.id);
        let replaced = kept.is_some();
        match kept {
            Some(kept) => *kept = server,
            None => servers.push(server),
        }
        replaced
    }

    /// Closes an authorization server: its paths are gone, and its codes and tokens with it. Whether there was one.
    pub fn remove_authorization_server(&mut self, id: &str) -> bool {
        let before = self.setup.authorization_servers.len();
        self.setup.authorization_servers.retain(|each| each.id != id);
        self.setup.authorization_servers.len() < before
    }
}
