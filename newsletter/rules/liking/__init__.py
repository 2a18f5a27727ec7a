"""What one person likes, learned from their votes at every letter. The door of this rule; works on arrays.

    word_lists = [telling_words(text) for text in texts]  # "title. abstract", as they are embedded
    vocabulary = Vocabulary.of(word_lists)                # of all texts of a run, the liked ones too
    texts = Texts(vocabulary.weigh(word_lists), vectors)  # vectors None: no model of meaning
    background = Background.of(texts)                     # once a run: 500 to 2,000 recent entries
    candidates = background.see(texts)                    # once a run, shared by all persons
    liked = background.see(texts)                         # the entries of somebody's votes, in their order
    taste = learn(votes, liked, background)               # once a person; no votes: all scores are 0
    taste.scores(candidates)                              # one number for each candidate
    taste.chances(scores)                                 # how probable such scores are off the interests
    taste.scores_and_nearest(candidates)                  # and the vote most responsible for each

`evaluate_likes(users, method) -> {1|3|10|30: LikesFigures(users, ndcg_at_10, recall_at_50)}` measures a
method (`default_method(texts)` is what letters do) on users given as rows of documents, oldest like first.
"""

from newsletter.rules.liking.background import Background, Seen
from newsletter.rules.liking.method import MOST_BACKGROUND, default_method
from newsletter.rules.liking.protocol import (
    SIZES,
    Foretold,
    LikesFigures,
    Method,
    evaluate_likes,
    foretell,
)
from newsletter.rules.liking.taste import (
    HALF_LIFE_DAYS,
    Taste,
    Vote,
    as_chances,
    learn,
)
from newsletter.rules.liking.terms import TermVectors, Vocabulary, telling_words
from newsletter.rules.liking.texts import Texts

__all__ = [
    "HALF_LIFE_DAYS",
    "MOST_BACKGROUND",
    "SIZES",
    "Background",
    "Foretold",
    "LikesFigures",
    "Method",
    "Seen",
    "Taste",
    "TermVectors",
    "Texts",
    "Vocabulary",
    "Vote",
    "as_chances",
    "default_method",
    "evaluate_likes",
    "foretell",
    "learn",
    "telling_words",
]
