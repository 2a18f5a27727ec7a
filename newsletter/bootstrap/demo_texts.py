"""What the demo writes: its config, and the documents of three readers."""

from typing import Final

CONFIG: Final = """\
# Written by `newsletter demo`. Its sources ask a server that runs only while the demo does; letters
# go to the server inside the program. Nothing leaves this machine, and all papers are invented.
newsletter:
  name: Demo Round
  url: https://news.example.org
  domain: news.example.org
  from: "Demo Round <news@news.example.org>"
  postal_address: 1 Example Street, 12345 Sampletown
  owner: editor@example.org

http: {allow: [127.0.0.1]} # private addresses are asked only when they are named here

sources:
SOURCES

catalogue: research
defaults:
  send: {every: day, at: "08:00", timezone: UTC}
  entries: {at_most: 8}
delivery:
  relays: embedded
"""

READERS: Final = {
    "robin@example.org.yaml": """\
# Builds robots and reads what others build.
email: robin@example.org
name: Robin
topics:
  - robotics
  - reinforcement-learning
  - name: touch
    query: 'tactile OR grasp* OR gripper*'
    weight: 2
""",
    "lin@example.net.yaml": """\
# Language models, from memory to manners.
email: lin@example.net
name: Lin
topics:
  - long-context
  - retrieval
  - language-model-safety
  - name: what models know
    query: '"language model*"'
mute: ["title:watermark*"]
""",
    "cleo@example.com.yaml": """\
# Brains, cells and the statistics that both need.
email: cleo@example.com
name: Cleo
topics:
  - neuroscience
  - biology
  - name: inference
    query: 'conformal OR bayesian OR causal OR "confidence interval*"'
format: text
""",
}
