//! The border to C: the functions that libpam calls, and the few of its own that are called back.
//!
//! Own declarations rather than a crate's: they are six functions and three structs, unchanged since Linux-PAM 0.99; what
//! others have published is under the GPL (`pamsm`) or young (`nonstick`), and its macros stand between libpam and
//! [`caught`], which has to be the first thing that runs.

#![expect(unsafe_code, reason = "C calls this and is called; every block says why it is sound")]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::panic::{self, AssertUnwindSafe};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use crate::refusal::Refusal;
use crate::{Granted, authenticate, limit};

/// `pam_handle_t`, which only libpam looks into.
#[repr(C)]
struct Handle {
    _opaque: [u8; 0],
}

#[repr(C)]
struct Message {
    style: c_int,
    text: *const c_char,
}

#[repr(C)]
struct Response {
    text: *mut c_char,
    code: c_int,
}

#[repr(C)]
struct Conversation {
    call: Option<unsafe extern "C" fn(c_int, *mut *const Message, *mut *mut Response, *mut c_void) -> c_int>,
    data: *mut c_void,
}

// <security/_pam_types.h>
const PAM_SUCCESS: c_int = 0;
const PAM_SYSTEM_ERR: c_int = 4;
const PAM_AUTHINFO_UNAVAIL: c_int = 9;
const PAM_MAXTRIES: c_int = 11;
const PAM_SESSION_ERR: c_int = 14;
const PAM_IGNORE: c_int = 25;
const PAM_RHOST: c_int = 4;
const PAM_CONV: c_int = 5;
const PAM_PROMPT_ECHO_OFF: c_int = 1;
const PAM_ERROR_MSG: c_int = 3;
const PAM_TEXT_INFO: c_int = 4;
// <syslog.h>
const LOG_AUTHPRIV: c_int = 10 << 3;
const LOG_ERR: c_int = 3;
const LOG_NOTICE: c_int = 5;

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_get_user(handle: *mut Handle, user: *mut *const c_char, prompt: *const c_char) -> c_int;
    fn pam_get_item(handle: *const Handle, item: c_int, value: *mut *const c_void) -> c_int;
    fn pam_getenv(handle: *mut Handle, name: *const c_char) -> *const c_char;
    fn pam_putenv(handle: *mut Handle, pair: *const c_char) -> c_int;
    fn pam_syslog(handle: *const Handle, priority: c_int, format: *const c_char, ...);
}

unsafe extern "C" {
    fn free(pointer: *mut c_void);
}

/// What a module may ask of libpam during one call.
#[derive(Debug)]
pub(crate) struct Pam(*mut Handle);

/// The program at the other end would not show it, or the person is gone.
#[derive(Debug)]
pub(crate) struct Unheard;

impl Pam {
    /// Tells one handle from another in the same process.
    pub(crate) fn address(&self) -> usize {
        self.0.addr()
    }

    /// The account that is asked for.
    pub(crate) fn user(&self) -> Option<String> {
        let mut user = ptr::null();
        // SAFETY: the handle is libpam's own for this call, and `user` is written before success is reported.
        let result = unsafe { pam_get_user(self.0, &raw mut user, ptr::null()) };
        (result == PAM_SUCCESS).then(|| text(user)).flatten()
    }

    /// Where the person connects from, as far as the program knows.
    pub(crate) fn remote_host(&self) -> Option<String> {
        text(self.item(PAM_RHOST)?.cast())
    }

    /// What stands in PAM's environment, which the session gets as well.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        let name = CString::new(name).ok()?;
        // SAFETY: the name lives until the call returns; what comes back is libpam's until the variable is set anew.
        text(unsafe { pam_getenv(self.0, name.as_ptr()) })
    }

    /// Puts `NAME=value` there.
    pub(crate) fn set_variable(&mut self, pair: &str) -> Result<(), Unheard> {
        let pair = CString::new(pair).map_err(|_| Unheard)?;
        // SAFETY: `pam_putenv(3)` copies the pair.
        let result = unsafe { pam_putenv(self.0, pair.as_ptr()) };
        if result == PAM_SUCCESS { Ok(()) } else { Err(Unheard) }
    }

    /// One line of information.
    pub(crate) fn say(&mut self, line: &str) -> Result<(), Unheard> {
        self.converse(PAM_TEXT_INFO, line)
    }

    /// One line about a failure.
    pub(crate) fn complain(&mut self, line: &str) -> Result<(), Unheard> {
        self.converse(PAM_ERROR_MSG, line)
    }

    /// Shows it and waits for Enter; what was typed is not looked at.
    pub(crate) fn wait_for_enter(&mut self, prompt: &str) -> Result<(), Unheard> {
        self.converse(PAM_PROMPT_ECHO_OFF, prompt)
    }

    /// One line to the system log, facility authpriv.
    pub(crate) fn log(&self, is_error: bool, line: &str) {
        let priority = LOG_AUTHPRIV | if is_error { LOG_ERR } else { LOG_NOTICE };
        let Ok(line) = CString::new(line.replace('\0', "")) else {
            return;
        };
        // SAFETY: the format is constant and takes one text, which lives until the call returns.
        unsafe { pam_syslog(self.0, priority, c"%s".as_ptr(), line.as_ptr()) };
    }

    fn item(&self, item: c_int) -> Option<*const c_void> {
        let mut value = ptr::null();
        // SAFETY: as in `user`.
        let result = unsafe { pam_get_item(self.0, item, &raw mut value) };
        (result == PAM_SUCCESS && !value.is_null()).then_some(value)
    }

    fn converse(&mut self, style: c_int, line: &str) -> Result<(), Unheard> {
        let conversation = self.item(PAM_CONV).ok_or(Unheard)?.cast::<Conversation>();
        // SAFETY: this item is a `pam_conv` that the application keeps alive for as long as its handle.
        let Conversation { call, data } = unsafe { ptr::read(conversation) };
        let call = call.ok_or(Unheard)?;
        let line = CString::new(line.replace('\0', "")).map_err(|_| Unheard)?;
        let message = Message {
            style,
            text: line.as_ptr(),
        };
        let mut first = &raw const message;
        let mut responses = ptr::null_mut::<Response>();
        // SAFETY: one message, alive until the call returns; `responses` is the application's to fill.
        let result = unsafe { call(1, &raw mut first, &raw mut responses, data) };
        if !responses.is_null() {
            // SAFETY: `pam_conv(3)`: an array of one response and its text, both from malloc, are the module's to free.
            // Whatever was typed instead of Enter is overwritten first: it may be a password.
            unsafe {
                let typed = (*responses).text;
                if !typed.is_null() {
                    let length = CStr::from_ptr(typed).to_bytes().len();
                    for at in 0..length {
                        ptr::write_volatile(typed.add(at), 0);
                    }
                    free(typed.cast());
                }
                free(responses.cast());
            }
        }
        if result == PAM_SUCCESS { Ok(()) } else { Err(Unheard) }
    }
}

/// A text of libpam's or the application's.
fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: not null, and every text that libpam hands out ends in a NUL and lives until the item is set anew.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().ok().map(ToOwned::to_owned)
}

/// Where the last panic happened; its words are not kept, as nobody knows what is in them.
static PANICKED_AT: Mutex<Option<String>> = Mutex::new(None);

/// Runs the module's work so that nothing of it reaches C but a number; a panic is a refusal.
fn caught(handle: *mut Handle, work: impl FnOnce(&mut Pam) -> c_int) -> c_int {
    if handle.is_null() {
        return PAM_SYSTEM_ERR;
    }
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| {
        // The module has a standard library of its own, so that this is nobody else's hook.
        panic::set_hook(Box::new(|about| {
            let at = about.location().map(ToString::to_string);
            *PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner) = at;
        }));
        work(&mut Pam(handle))
    }));
    outcome.unwrap_or_else(|payload| {
        // Dropping it could panic again.
        std::mem::forget(payload);
        let report = panic::catch_unwind(|| {
            let at = PANICKED_AT.lock().unwrap_or_else(PoisonError::into_inner).take();
            let at = at.unwrap_or_else(|| "an unknown place".into());
            Pam(handle).log(true, &format!("refused: the module panicked at {at}; please report it"));
        });
        if let Err(payload) = report {
            std::mem::forget(payload);
        }
        PAM_SYSTEM_ERR
    })
}

/// Success for [`Granted`] alone.
fn verdict(pam: &mut Pam, outcome: Result<Granted, Refusal>) -> c_int {
    let refusal = match outcome {
        Ok(Granted { .. }) => return PAM_SUCCESS,
        Err(refusal) => refusal,
    };
    pam.log(refusal.is_error(), &refusal.log_line());
    // Somebody who is gone cannot hear it.
    let _ = pam.complain(&refusal.words());
    // A service file can tell a server that is away from a refusal. No other refusal would be mended by one more try of the
    // same connection, which sshd offers up to three of, and each takes a code, of which servers give out few.
    match refusal {
        Refusal::Unavailable { .. } => PAM_AUTHINFO_UNAVAIL,
        _ => PAM_MAXTRIES,
    }
}

/// Runs the sign-in.
///
/// # Safety
///
/// Called by libpam, with its handle and the arguments of the service file.
#[unsafe(no_mangle)]
unsafe extern "C" fn pam_sm_authenticate(
    handle: *mut Handle,
    _flags: c_int,
    count: c_int,
    arguments: *const *const c_char,
) -> c_int {
    caught(handle, |pam| {
        let count = if arguments.is_null() {
            0
        } else {
            usize::try_from(count).unwrap_or(0)
        };
        // SAFETY: libpam passes `count` pointers to texts from its service file, alive for this call.
        let arguments = (0..count).map(|at| text(unsafe { *arguments.add(at) }).unwrap_or_default());
        let arguments: Vec<_> = arguments.collect();
        let outcome = authenticate(pam, &arguments);
        verdict(pam, outcome)
    })
}

/// There are no credentials to set, which is a success by `pam_sm_setcred(3)`; it opens nothing by itself.
///
/// # Safety
///
/// Called by libpam; nothing is looked at.
#[unsafe(no_mangle)]
unsafe extern "C" fn pam_sm_setcred(
    _handle: *mut Handle,
    _flags: c_int,
    _count: c_int,
    _arguments: *const *const c_char,
) -> c_int {
    PAM_SUCCESS
}

/// Whether the account may be used now is left to the other modules: this one neither grants nor refuses.
///
/// # Safety
///
/// Called by libpam; nothing is looked at.
#[unsafe(no_mangle)]
unsafe extern "C" fn pam_sm_acct_mgmt(
    _handle: *mut Handle,
    _flags: c_int,
    _count: c_int,
    _arguments: *const *const c_char,
) -> c_int {
    PAM_IGNORE
}

/// Sees to the end of a session with a limit; there is nothing to do for one without.
///
/// # Safety
///
/// Called by libpam, with its handle.
#[unsafe(no_mangle)]
unsafe extern "C" fn pam_sm_open_session(
    handle: *mut Handle,
    _flags: c_int,
    _count: c_int,
    _arguments: *const *const c_char,
) -> c_int {
    caught(handle, |pam| match limit::open(pam) {
        Ok(true) => PAM_SUCCESS,
        Ok(false) => PAM_IGNORE,
        Err(why) => {
            pam.log(true, &format!("refused the session: {why}"));
            PAM_SESSION_ERR
        }
    })
}

/// Undoes that.
///
/// # Safety
///
/// Called by libpam, with its handle.
#[unsafe(no_mangle)]
unsafe extern "C" fn pam_sm_close_session(
    handle: *mut Handle,
    _flags: c_int,
    _count: c_int,
    _arguments: *const *const c_char,
) -> c_int {
    caught(handle, |pam| {
        limit::close(pam);
        PAM_IGNORE
    })
}
