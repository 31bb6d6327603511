#!/usr/bin/env python3
"""A window with one web page of QtWebEngine, which Qt's libraries alone make: no Python binding, no compiler.

usage: qthost.py QT_FOLDER WIDTH HEIGHT [SWITCH...]

QT_FOLDER is that of an unpacked wheel, with lib, libexec, plugins, resources and translations. The page is empty and
speaks the DevTools protocol on a free port, which is announced on standard error. The switches are for Chromium. Needs an X display.
"""

import ctypes
import os
import socket
import struct
import sys
import time
from ctypes import byref, c_bool, c_char_p, c_int, c_ssize_t, c_void_p

# More bytes than any object of Qt that is made here needs.
ROOM = 4096
AA_SHARE_OPEN_GL_CONTEXTS = 18
OTHER_FOCUS_REASON = 7
# How long the engine may take until it listens; a port that somebody else took meanwhile is waited for in vain.
PATIENCE_IN_SECONDS = 10


def restart_with_libraries_of(qt):
    """The dynamic loader reads its path once, at the start of a process; the engine does not look for a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = dict(
        os.environ,
        LD_LIBRARY_PATH=os.path.join(qt, "lib"),
        QT_PLUGIN_PATH=os.path.join(qt, "plugins"),
        QT_QPA_PLATFORM="xcb",
        QTWEBENGINEPROCESS_PATH=os.path.join(qt, "libexec", "QtWebEngineProcess"),
        QTWEBENGINE_RESOURCES_PATH=os.path.join(qt, "resources"),
        QTWEBENGINE_LOCALES_PATH=os.path.join(qt, "translations", "qtwebengine_locales"),
        QTWEBENGINE_REMOTE_DEBUGGING=f"127.0.0.1:{port}",
        QTWEBENGINE_DISABLE_SANDBOX="1",
        QTHOST_PORT=str(port),
    )
    os.execve(sys.executable, [sys.executable] + sys.argv, environment)


class Qt:
    """The libraries, and calls of their C++ functions by mangled name."""

    def __init__(self, folder):
        self.folder = folder
        self.is_six = os.path.exists(os.path.join(folder, "lib", "libQt6Core.so.6"))
        # The engine before the application: loading it prepares the shared OpenGL context.
        self.libraries = [self.load(name) for name in ("Core", "Gui", "Widgets", "WebEngineWidgets")]
        self.kept = []

    def load(self, name):
        version = 6 if self.is_six else 5
        path = os.path.join(self.folder, "lib", f"libQt{version}{name}.so.{version}")
        return ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL)

    def call(self, symbol, *arguments):
        for library in self.libraries:
            try:
                function = getattr(library, symbol)
            except AttributeError:
                continue
            function.restype = c_int
            return function(*arguments)
        raise SystemExit(f"qthost: this Qt has no {symbol}")

    def make(self, symbol, *arguments):
        """An object, constructed in place; it lives as long as the process."""
        made = self.keep(ctypes.create_string_buffer(ROOM))
        self.call(symbol, byref(made), *arguments)
        return byref(made)

    def keep(self, value):
        self.kept.append(value)
        return value

    def say_where_it_stands(self):
        """Registers the resource `:/qt/etc/qt.conf`: the folder's path was compiled in where the wheel was made."""
        text = f"[Paths]\nPrefix = {self.folder}\n".encode()
        names, offsets = b"", []
        for name in ("qt", "etc", "qt.conf"):
            offsets.append(len(names))
            names += struct.pack(">HI", len(name), resource_hash(name)) + name.encode("utf-16-be")
        # Qt's resource format, version 1: a tree of three folders with one child each, of which the last is a file.
        tree = struct.pack(">IHII", 0, 2, 1, 1)
        tree += struct.pack(">IHII", offsets[0], 2, 1, 2)
        tree += struct.pack(">IHII", offsets[1], 2, 1, 3)
        tree += struct.pack(">IHHHI", offsets[2], 0, 0, 1, 0)
        parts = [tree, names, struct.pack(">I", len(text)) + text]
        buffers = [self.keep(ctypes.create_string_buffer(part, len(part))) for part in parts]
        self.call("_Z21qRegisterResourceDataiPKhS0_S0_", c_int(1), *map(byref, buffers))

    def url(self, text):
        raw = self.keep(text.encode())
        string = self.keep(ctypes.create_string_buffer(ROOM))
        # A function that returns an object writes it to where its first argument points.
        if self.is_six:
            self.call("_ZN7QString8fromUtf8E14QByteArrayView", byref(string), c_ssize_t(len(raw)), c_char_p(raw))
        else:
            self.call("_ZN7QString15fromUtf8_helperEPKci", byref(string), c_char_p(raw), c_int(len(raw)))
        return self.make("_ZN4QUrlC1ERK7QStringNS_11ParsingModeE", byref(string), c_int(0))


def resource_hash(name):
    """Qt's hash of a resource's name."""
    value = 0
    for character in name:
        value = (value << 4) + ord(character)
        value ^= (value & 0xF0000000) >> 23
        value &= 0x0FFFFFFF
    return value


def listens(port):
    """Whether it is this process that listens there."""
    sockets = set()
    for descriptor in os.listdir("/proc/self/fd"):
        try:
            sockets.add(os.readlink(f"/proc/self/fd/{descriptor}"))
        except FileNotFoundError:
            pass
    with open("/proc/self/net/tcp", encoding="ascii") as table:
        rows = [line.split() for line in table]
    address = f"0100007F:{port:04X}"
    return any(row[1] == address and row[3] == "0A" and f"socket:[{row[9]}]" in sockets for row in rows)


def main():
    folder, width, height = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    if "QTHOST_PORT" not in os.environ:
        restart_with_libraries_of(folder)
    qt = Qt(folder)
    qt.say_where_it_stands()
    # Before Qt 5.10 the engine takes its switches from here.
    words = [b"qthost", b"--no-sandbox", b"--disable-gpu"] + [os.fsencode(switch) for switch in sys.argv[4:]]
    count = qt.keep(c_int(len(words)))
    arguments = qt.keep((c_char_p * (len(words) + 1))(*words, None))
    qt.call(
        "_ZN16QCoreApplication12setAttributeEN2Qt20ApplicationAttributeEb",
        c_int(AA_SHARE_OPEN_GL_CONTEXTS),
        c_bool(True),
    )
    version = 0x060000 if qt.is_six else 0x050500
    qt.make("_ZN12QApplicationC1ERiPPci", byref(count), arguments, c_int(version))
    view = qt.make("_ZN14QWebEngineViewC1EP7QWidget", c_void_p(None))
    qt.call("_ZN7QWidget6resizeERK5QSize", view, (c_int * 2)(width, height))
    qt.call("_ZN14QWebEngineView6setUrlERK4QUrl", view, qt.url(os.environ.get("QTHOST_URL", "about:blank")))
    qt.call("_ZN7QWidget4showEv", view)
    qt.call("_ZN7QWidget14activateWindowEv", view)
    port, give_up_at = int(os.environ["QTHOST_PORT"]), time.monotonic() + PATIENCE_IN_SECONDS
    while not listens(port):
        qt.call("_ZN16QCoreApplication13processEventsE6QFlagsIN10QEventLoop17ProcessEventsFlagEE", c_int(0))
        time.sleep(0.02)
        if time.monotonic() > give_up_at:
            restart_with_libraries_of(folder)
    # No window manager gives the focus away here; without it some engines hold keys back.
    qt.call("_ZN7QWidget8setFocusEN2Qt11FocusReasonE", view, c_int(OTHER_FOCUS_REASON))
    print(f"qthost: listening on 127.0.0.1:{port}", file=sys.stderr, flush=True)
    sys.exit(qt.call("_ZN12QApplication4execEv"))


main()
