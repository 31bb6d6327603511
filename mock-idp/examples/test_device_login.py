"""mock-idp in a test of Python: started by it, and gone with it. Nothing has to be installed but mock-idp itself.

    cargo install --path mock-idp
    python3 -m unittest test_device_login      or: pytest test_device_login.py
"""

import json
import subprocess
import unittest
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen


def fetch(url, body=None):
    """The JSON that a GET answers, or a POST if there is a body; errors of OAuth are JSON too."""
    try:
        with urlopen(url, body) as answer:
            text = answer.read()
    except HTTPError as refusal:
        text = refusal.read()
    return json.loads(text) if text else None


class DeviceLogin(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        command = ["mock-idp", "serve", "--json", "--free-ports"]
        cls.program = subprocess.Popen(command, stdout=subprocess.PIPE)
        ready = json.loads(cls.program.stdout.readline())
        cls.control = ready["control"]
        cls.metadata = fetch(ready["issuers"]["authentik"] + ".well-known/openid-configuration")

    @classmethod
    def tearDownClass(cls):
        with cls.program:
            cls.program.terminate()

    def setUp(self):
        self.tell("/reset")

    def tell(self, path, **body):
        """A call of the control listener."""
        return fetch(self.control + path, json.dumps(body).encode())

    def ask(self, endpoint, **form):
        """A request of the client, with a form, as OAuth wants it. Here your own client would stand."""
        return fetch(self.metadata[endpoint + "_endpoint"], urlencode({"client_id": "tv", **form}).encode())

    def poll(self, device_code):
        return self.ask("token", grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=device_code)

    def test_tokens_come_once_somebody_has_approved(self):
        started = self.ask("device_authorization", scope="openid profile")
        self.assertEqual(self.poll(started["device_code"])["error"], "authorization_pending")
        self.tell(f"/grants/{started['user_code']}/approve", user="jane")
        self.tell("/clock/advance", seconds=started["interval"])
        self.assertEqual(self.poll(started["device_code"])["token_type"], "Bearer")


if __name__ == "__main__":
    unittest.main()
