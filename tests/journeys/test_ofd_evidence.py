"""An OFD file of another authority, from the window to the approver, with the real plugins and through the command line."""

from __future__ import annotations

import base64
import io
import json
import zipfile

NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
PARTS = {
    "OFD.xml": f"<ofd:OFD {NS}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
    "Doc_0/Document.xml": f'<ofd:Document {NS}><ofd:Pages><ofd:Page ID="1" BaseLoc="Page.xml"/></ofd:Pages></ofd:Document>',
    "Doc_0/Page.xml": f'<ofd:Page {NS}><ofd:Content><ofd:Layer><ofd:TextObject ID="2" Boundary="20 20 99 9" Size="5">'
    '<ofd:TextCode X="0" Y="5">建筑工程施工许可证</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>',
}  # fmt: skip


def packed(parts: dict[str, str]) -> str:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return base64.b64encode(out.getvalue()).decode()


def test_a_file_is_kept_and_shown_by_the_plugin_that_knows_it(desk, account):
    clerk, data = account("clerk"), packed(PARTS)
    digest = desk.call(clerk, "acceptance.keep_page", {"data": data, "media_type": "application/ofd"})
    assert len(digest) == 64
    shown = desk.query(clerk, "acceptance.show_file", {"data": data})
    assert base64.urlsafe_b64decode(shown["pdf"]).startswith(b"%PDF-1.7")
    assert shown["note"] == ""
    assert base64.urlsafe_b64decode(shown["file"]) == base64.b64decode(data)


def test_a_broken_file_is_refused_with_what_to_do(desk, account):
    broken = {"data": packed({"OFD.xml": PARTS["OFD.xml"]}), "media_type": "application/ofd"}
    done = desk.run("call", "acceptance.keep_page", json.dumps(broken), "--as", account("clerk"))
    assert done.returncode == 1
    error = json.loads(done.stdout.splitlines()[-1])["error"]
    assert error["code"] == "OFD_NOT_SHOWN"
    assert "PDF" in error["do"]
