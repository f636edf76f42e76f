"""Say how many tests were skipped for want of real data; fail when the data are there and a test was skipped."""

import os
import sys
from xml.etree import ElementTree

skips = [one.get("message") or "" for one in ElementTree.parse(sys.argv[1]).iter("skipped")]
wanting = [message for message in skips if "SADDLE_DATA" in message]
print(f"{len(wanting)} tests were skipped for want of SADDLE_DATA, {len(skips) - len(wanting)} for other reasons.")
if os.environ.get("SADDLE_DATA") and wanting:
    sys.exit("SADDLE_DATA is set, so none of them may be skipped.")
