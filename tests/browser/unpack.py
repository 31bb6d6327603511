"""Unpacks a television's package into a folder and tells on standard output, as JSON, what it says of itself.

    unpack.py PACKAGE FOLDER

It shares nothing with the packer: zip, tar and XML are Python's own.
"""

import io
import json
import pathlib
import sys
import tarfile
import xml.etree.ElementTree
import zipfile


def members_of_ar(data):
    """The members of an archive of ar(1), in order."""
    assert data[:8] == b"!<arch>\n", "no ar archive"
    at, members = 8, {}
    while at < len(data):
        header = data[at : at + 60]
        assert header[58:] == b"`\n", f"no header at {at}"
        name, size = header[:16].decode().strip(), int(header[48:58])
        members[name] = data[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
    return members


def read_wgt(package, folder):
    with zipfile.ZipFile(package) as archive:
        assert archive.testzip() is None, "a broken member"
        archive.extractall(folder)
    root = xml.etree.ElementTree.parse(folder / "config.xml").getroot()
    elements = {}
    for element in root.iter():
        name = element.tag.split("}")[-1]
        elements.setdefault(name, dict(element.attrib, text=(element.text or "").strip()))
    return {"manifest": elements, "root": str(folder)}


def read_ipk(package, folder):
    members = members_of_ar(pathlib.Path(package).read_bytes())
    for name in ("control.tar.gz", "data.tar.gz"):
        with tarfile.open(fileobj=io.BytesIO(members[name])) as archive:
            archive.extractall(folder)
    control = (folder / "control").read_text()
    fields = dict(line.split(": ", 1) for line in control.splitlines())
    app = folder / "usr/palm/applications" / fields["Package"]
    info = folder / "usr/palm/packages" / fields["Package"] / "packageinfo.json"
    return {
        "members": list(members),
        "format": members["debian-binary"].decode(),
        "control": fields,
        "manifest": json.loads((app / "appinfo.json").read_text()),
        "package": json.loads(info.read_text()),
        "root": str(app),
    }


package, folder = sys.argv[1], pathlib.Path(sys.argv[2])
read = read_wgt if package.endswith(".wgt") else read_ipk
print(json.dumps(read(package, folder)))
