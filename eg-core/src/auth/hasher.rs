//! Hashes of passwords, one at a time: Argon2id (RFC 9106) takes 19 MiB a hash by design, so there is one buffer, and a
//! short queue before it.

use super::error::AuthError;
use argon2::password_hash::{Output, PasswordHash, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Largest number of passwords that are being checked or wait for it, each on a thread of its own.
const TURNS: usize = 8;

/// Largest memory that a stored hash may ask for, in blocks of 1 KiB.
const LARGEST: usize = 64 * 1024;

/// Hash of no password, for users that do not exist: checking it takes as long as checking a real one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hasher of passwords with one buffer, which is kept: memory does not grow with the number of logins.
#[derive(Default)]
pub(super) struct Hasher {
    waiting: AtomicUsize,
    memory: Mutex<Vec<Block>>,
}

/// Place in the queue of a [`Hasher`].
pub(super) struct Turn<'a>(&'a Hasher);

impl Hasher {
    /// Takes a place in the queue; `None` if it is full.
    pub(super) fn turn(&self) -> Option<Turn<'_>> {
        let taken = self.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| {
            (taken < TURNS).then_some(taken + 1)
        });
        taken.ok().map(|_| Turn(self))
    }

    /// Takes a place though the queue may be full: for whoever starts the core, or sits before its machine.
    pub(super) fn wait(&self) -> Turn<'_> {
        self.waiting.fetch_add(1, Ordering::AcqRel);
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Turn<'_> {
    /// Hashes a password, with salt and costs in one text (PHC string format). Takes some 50 ms of a CPU core.
    pub(super) fn hash(&self, password: &str) -> Result<String, AuthError> {
        let salt = SaltString::encode_b64(&rand::random::<[u8; 16]>()).map_err(AuthError::Hash)?;
        let told = |hash: PasswordHash<'_>| hash.to_string();
        let params = Params::default();
        let hash = self.compute(password, salt.as_salt(), &params).map_err(AuthError::Hash)?;
        let params = (&params).try_into().map_err(AuthError::Hash)?;
        Ok(told(PasswordHash {
            algorithm: Algorithm::Argon2id.ident(),
            version: Some(Version::V0x13.into()),
            params,
            salt: Some(salt.as_salt()),
            hash: Some(hash),
        }))
    }

    /// Returns `true` if the password matches the hash; without a hash `false`, after the same time.
    pub(super) fn fits(&self, password: &str, hash: Option<&str>) -> bool {
        let parsed = PasswordHash::new(hash.unwrap_or(NOBODY));
        let Ok(PasswordHash { salt: Some(salt), hash: Some(wanted), .. }) = &parsed else {
            return false;
        };
        let params = parsed.as_ref().ok().and_then(|hash| Params::try_from(hash).ok());
        let found = params.and_then(|params| self.compute(password, *salt, &params).ok());
        // In constant time: `Output` compares so.
        found.is_some_and(|found| found == *wanted) && hash.is_some()
    }

    fn compute(
        &self,
        password: &str,
        salt: argon2::password_hash::Salt<'_>,
        params: &Params,
    ) -> argon2::password_hash::Result<Output> {
        let mut bytes = [0; 64];
        let salt = salt.decode_b64(&mut bytes)?;
        let blocks = params.block_count();
        if blocks > LARGEST {
            return Err(argon2::password_hash::Error::PhcStringField);
        }
        let length = params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let mut memory = self.0.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() < blocks {
            memory.resize(blocks, Block::default());
        }
        Output::init_with(length, |out| {
            let memory = &mut memory[..blocks];
            Ok(argon.hash_password_into_with_memory(password.as_bytes(), salt, out, memory)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{PasswordHasher, PasswordVerifier};

    #[test]
    fn a_used_buffer_gives_the_hashes_of_a_new_one() {
        let hasher = Hasher::default();
        let turn = hasher.turn().unwrap();
        let salt = SaltString::encode_b64(&[7; 16]).unwrap();
        let known = Argon2::default().hash_password(b"correct-horse", &salt).unwrap().to_string();

        let first = turn.hash("other").unwrap();

        assert!(turn.fits("correct-horse", Some(&known)) && !turn.fits("wrong", Some(&known)));
        assert!(turn.fits("other", Some(&first)));
        let parsed = PasswordHash::new(&first).unwrap();
        assert!(
            Argon2::default().verify_password(b"other", &parsed).is_ok(),
            "as older cores read it"
        );
    }

    #[test]
    fn nobody_has_no_password_and_costs_as_much_as_somebody() {
        let hasher = Hasher::default();
        let turn = hasher.turn().unwrap();
        let nobody = PasswordHash::new(NOBODY).unwrap();

        assert!(!turn.fits("", None));
        assert_eq!(Params::try_from(&nobody).unwrap().m_cost(), Params::default().m_cost());
        assert_eq!(Params::try_from(&nobody).unwrap().t_cost(), Params::default().t_cost());
    }

    #[test]
    fn only_so_many_wait_and_a_place_is_free_again_afterwards() {
        let hasher = Hasher::default();
        let mut taken: Vec<_> = std::iter::from_fn(|| hasher.turn()).collect();

        assert_eq!(taken.len(), TURNS);
        taken.pop();
        assert!(hasher.turn().is_some());
    }

    #[test]
    fn a_hash_that_asks_for_more_memory_than_there_is_fits_nothing() {
        let hasher = Hasher::default();
        let greedy = NOBODY.replace("m=19456", "m=1048576");

        assert!(!hasher.turn().unwrap().fits("x", Some(&greedy)));
    }
}
