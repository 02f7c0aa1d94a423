# Mints a user token. It belongs into your server: whoever has the signing key can be any user.
#
#   pip install "pyjwt[crypto]"
#   SIGNING_KEY="$(cat key.pem)" SIGNING_KEY_ID=… PROJECT_ID=… python3 python.py ana@acme.example
import os
import sys
import time

import jwt


def mint_user_token(user_id, tableau_username=None):
    """user_id as your own session knows it, never as a request says."""
    now = int(time.time())
    claims = {
        "sub": user_id,
        "aud": f"useparagon.com/{os.environ['PROJECT_ID']}",
        "iat": now,
        "exp": now + 60 * 60,
    }
    # Needed where a connected app signs people in: who they are at Tableau.
    if tableau_username is not None:
        claims["tableau.username"] = tableau_username
    return jwt.encode(
        claims,
        os.environ["SIGNING_KEY"],
        algorithm="RS256",
        headers={"kid": os.environ["SIGNING_KEY_ID"]},
    )


if __name__ == "__main__":
    print(mint_user_token(*(sys.argv[1:] or ["user-1"])))
