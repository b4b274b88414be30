"""The options of an estimator: by name, checked, cloned and copied.

This is what scikit-learn's own BaseEstimator does, and what its tools expect.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, TypeVar

from ..core._types import Names
from ..core.checks import (
    PureNetError,
    check_flag,
    check_that,
    number_within,
    one_of,
    refuse_unknown,
    whole_number,
)
from ..core.mt19937 import fresh_seed
from ..core.work import ENGINE_NAMES
from .conventions import RENAMED, OptionsOnly, nearest, tags
from .descent import Descent
from .sharding import Executor

Self = TypeVar("Self", bound="BaseEstimator")

# Options that a clone or a copy shares: a pool of processes cannot be copied.
SHARED = ("executor", "callback")


class BaseEstimator:
    """The options of an estimator; the docstring of `Classifier` explains them."""

    _estimator_type = ""  # scikit-learn before 1.6 asks for it by this name
    __signature__ = OptionsOnly()

    def __init__(
        self,
        hidden: Any = None,
        *,
        activation: Names = "tanh",
        optimizer: str = "adam",
        learning_rate: float | None = 0.01,
        batch_size: int | str | None = "auto",
        epochs: int | None = None,
        weight_decay: float = 0.03,
        standardize: bool = True,
        validation_fraction: float = 0.15,
        patience: int | None = None,
        refit: bool = False,
        restarts: int = 1,
        shards: int = 1,
        executor: Executor | None = None,
        engine: str = "auto",
        random_state: Any = 0,
        callback: Callable[[Descent], Any] | None = None,
        **unknown: Any,
    ) -> None:
        self._refuse(unknown, TypeError)
        self.hidden = hidden
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.weight_decay = weight_decay
        self.standardize = standardize
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.refit = refit
        self.restarts = restarts
        self.shards = shards
        self.executor = executor
        self.engine = engine
        self.random_state = random_state
        self.callback = callback

    @classmethod
    def _option_names(cls) -> list[str]:
        """Return the names of the options, which are the parameters of `__init__`."""
        code = cls.__init__.__code__
        return list(code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount])

    def _refuse(self, unknown: dict[str, Any], kind: type[Exception] = PureNetError) -> None:
        """Raise for options that do not exist: with the new name, or with one that is like it."""
        refuse_unknown({name: None for name in unknown if name in RENAMED}, RENAMED)
        known = self._option_names()
        for name in unknown:
            hint = nearest(name, known) or f"; it has {', '.join(known)}"
            raise kind(f"{name}: there is no such option of {type(self).__name__}{hint}")

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the options by name, exactly as they were given.

        `deep` is there for scikit-learn and changes nothing: no option is an estimator.
        """
        return {name: getattr(self, name) for name in self._option_names()}

    def set_params(self: Self, **options: Any) -> Self:
        """Change options by name; return the estimator.

        Raises PureNetError for an option that does not exist, and then changes nothing.
        """
        self._refuse({name: None for name in options if name not in self._option_names()})
        for name, value in options.items():
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        defaults, own = type(self)().get_params(), self.get_params()
        options = [f"{n}={own[n]!r}" for n in own if repr(own[n]) != repr(defaults[n])]
        return f"{type(self).__name__}({', '.join(options)})"

    def __sklearn_clone__(self: Self) -> Self:
        """Return an estimator with the same options that has learned nothing."""
        return copy.deepcopy(type(self)(**self.get_params()))

    def __copy__(self: Self) -> Self:
        """Return an estimator with the same options and the same fitted attributes."""
        twin = type(self).__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    def __deepcopy__(self: Self, memo: dict[int, Any]) -> Self:
        """Return an estimator that shares only the `SHARED` options with this one."""
        twin = copy.copy(self)
        for name, value in [*twin.__dict__.items()]:
            twin.__dict__[name] = value if name in SHARED else copy.deepcopy(value, memo)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        """Leave out of a pickle what belongs to this process."""
        return {**self.__dict__, **dict.fromkeys(SHARED)}

    def __sklearn_tags__(self) -> Any:
        """Return scikit-learn's description of an estimator of this kind."""
        return tags(self._estimator_type)

    # -- checks --

    def _seed(self) -> int:
        """Return the seed from `random_state`: a number, None, or NumPy's generator."""
        if self.random_state is None:
            return fresh_seed()
        if hasattr(self.random_state, "randint"):
            return int(self.random_state.randint(2**31))
        return whole_number(self.random_state, "random_state", 0, 2**32 - 1)

    def _check_options(self) -> None:
        """Raise if an option is wrong, before anything is done."""
        for name in ("epochs", "patience"):
            if getattr(self, name) is not None:
                whole_number(getattr(self, name), name, 1)
        whole_number(self.restarts, "restarts", 1)
        whole_number(self.shards, "shards", 1)
        size, executor, callback = self.batch_size, self.executor, self.callback
        if isinstance(size, str):
            check_that(size == "auto", "batch_size", '"auto", None or a number', size)
        elif size is not None:
            whole_number(size, "batch_size", 1)
        decay, fraction = self.weight_decay, self.validation_fraction
        number_within(decay, "weight_decay", lambda x: x >= 0.0, "of at least 0")
        number_within(fraction, "validation_fraction", lambda x: 0.0 <= x <= 0.5, "from 0 to 0.5")
        check_flag(self.standardize, "standardize")
        check_flag(self.refit, "refit")
        check_that(isinstance(self.optimizer, str), "optimizer", "a name", self.optimizer)
        is_executor = executor is None or hasattr(executor, "submit")
        check_that(is_executor, "executor", "one with submit()", executor)
        one_of(self.engine, "engine", ENGINE_NAMES)
        check_that(callback is None or callable(callback), "callback", "a function", callback)
