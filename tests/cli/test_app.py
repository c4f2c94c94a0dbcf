import datetime as dt
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import typer

import matchmaker
from matchmaker.errors import CheckError, InfeasibleError, InputError, Issue, UsageError
from matchmaker.runs.inputs import Inputs
from matchmaker.scoring.criteria import every_criterion
from matchmaker.scoring.total import spelled_out
from matchmaker.settings import Settings
from matchmaker_cli import app as cli
from tests.fakes import fake_result

DOCS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "cli.md"
FILES = ("--youths", "y.csv", "--wishes", "w.csv", "--offers", "o.csv")


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command as the shell does; returns exit code, stdout, stderr."""

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["matchmaker", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        out, err = capsys.readouterr()
        return end.value.code, out, err

    return call


@pytest.fixture
def replace_match(monkeypatch):
    """Put a function in the place of a library entry; returns the calls it gets."""

    def put(function, name="matchmaker.runs.match.match_inputs"):
        calls = []

        def call(*args, **kwargs):
            calls.append((args, kwargs))
            return function(*args, **kwargs)

        if name == "matchmaker.match":
            monkeypatch.setitem(vars(matchmaker), "match", call)
        else:
            monkeypatch.setattr(name, call)
        return calls

    return put


def commands():
    root = typer.main.get_command(cli.app)

    def walk(command, path):
        if hasattr(command, "commands"):
            for name, child in command.commands.items():
                yield from walk(child, [*path, name])
        else:
            yield " ".join(path), command

    return dict(walk(root, ["matchmaker"]))


@pytest.mark.parametrize("path", commands())
def test_every_command_has_help_an_example_and_a_heading(path):
    command = commands()[path]
    assert command.help
    assert command.help[0].isupper()
    assert f"  {path} " in f"{command.epilog} "
    assert f"## {path}\n" in DOCS.read_text(encoding="utf-8")
    for parameter in command.params:
        assert parameter.name == "help" or parameter.help, parameter.name


@pytest.mark.parametrize("path", commands())
def test_the_page_names_each_option(path):
    text = DOCS.read_text(encoding="utf-8").split(f"## {path}\n")[1].split("\n## ")[0]
    for parameter in commands()[path].params:
        for option in parameter.opts:
            if option.startswith("--") and option != "--help":
                assert f"`{option}`" in text, option


def test_the_page_names_no_command_that_is_gone():
    headings = re.findall(r"^## (matchmaker .*)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(headings) == set(commands())


@pytest.mark.parametrize("arguments", [["--help"], ["match", "--help"], ["generate", "--help"]])
def test_help_loads_no_numeric_stack(arguments):
    code = (
        "import sys, contextlib\n"
        "from matchmaker_cli.app import main\n"
        f"sys.argv = ['matchmaker', *{arguments!r}]\n"
        "with contextlib.suppress(SystemExit):\n    main()\n"
        "heavy = {'numpy', 'pandas', 'numba', 'scipy', 'sklearn', 'pyarrow', 'jinja2', 'rich'}\n"
        "print('loaded:', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("loaded: []\n")


def test_the_module_runs_too():
    done = subprocess.run(
        [sys.executable, "-m", "matchmaker", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"matchmaker {matchmaker.__version__}\n"


def test_match_saves_and_prints_the_figures(run, replace_match, tmp_path):
    result = fake_result()
    calls = replace_match(lambda *_args, **_kwargs: result)
    out = tmp_path / "out"
    code, text, err = run(
        *("match", *FILES, "--offers", "p.json", "--out", out, "--as-of", "2023-09-15"),
        *("--seed", 7, "--assignment", "--referents", "r.csv", "--offers-format", "lba"),
        *("--sent", "s.csv", "--ignore-sent"),
    )
    assert (code, err) == (0, "")
    assert text == f"{result}\nRésultats : {out}\n"
    assert (out / "mailing.csv").is_file()
    ((inputs, setup), _) = calls[0]
    assert inputs == Inputs(
        youths=Path("y.csv"),
        wishes=Path("w.csv"),
        offers=(Path("o.csv"), Path("p.json")),
        as_of=dt.date(2023, 9, 15),
        formats={"offers": "lba"},
        referents=Path("r.csv"),
        sent=(Path("s.csv"),),
    )
    assert setup.settings == spelled_out(Settings(seed=7))
    assert (setup.ignore_sent, setup.assignment) == (True, True)


def test_lists_that_the_check_refuses_have_their_own_exit_code(run, replace_match, tmp_path):
    result = fake_result()
    broken = replace(result, lists=result.lists.iloc[1:])
    replace_match(lambda *_args, **_kwargs: broken)
    code, text, err = run("match", *FILES, "--out", tmp_path / "out")
    assert (code, text) == (4, "")
    assert "La vérification indépendante a refusé les fichiers" in err
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


def test_the_date_of_the_machine_is_the_default(run, replace_match, tmp_path):
    calls = replace_match(lambda *_args, **_kwargs: fake_result())
    days = [dt.datetime.now().astimezone().date()]
    run("match", *FILES, "--out", tmp_path / "out")
    days.append(dt.datetime.now().astimezone().date())  # midnight may pass in between
    assert calls[0][0][0].as_of in days


def test_options_go_before_the_settings_file(run, replace_match, tmp_path):
    (tmp_path / "s.toml").write_text('seed = 1\nlang = "fr"\nlines_per_youth = 4\n')
    calls = replace_match(lambda *_args, **_kwargs: fake_result())
    run(
        *("match", *FILES, "--out", tmp_path / "out", "--settings", tmp_path / "s.toml"),
        *("--lang", "en", "--seed", 2),
    )
    given = Settings(seed=2, lang="en", lines_per_youth=4)
    assert calls[0][0][1].settings == spelled_out(given)


def test_json_on_stdout_is_the_summary(run, replace_match, tmp_path):
    result = fake_result()
    replace_match(lambda *_args, **_kwargs: result)
    code, text, _ = run("match", *FILES, "--out", tmp_path / "out", "--format", "json")
    assert code == 0
    assert json.loads(text) == result.summary


def test_a_dry_run_writes_nothing(run, replace_match, tmp_path):
    replace_match(
        lambda *_args, **_kwargs: {"candidates": 12}, "matchmaker.runs.dry_run.dry_run_inputs"
    )
    code, text, _ = run("match", *FILES, "--out", tmp_path / "out", "--dry-run")
    assert (code, json.loads(text)) == (0, {"candidates": 12})
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_would_not_fit_is_refused_before_anything_is_written(run, monkeypatch, tmp_path):
    monkeypatch.setattr("matchmaker.candidates.memory.free_memory", lambda: 30_000)
    samples = DOCS.parents[2] / "data" / "samples"
    code, out, err = run(
        "match",
        *(f"--{name}={samples / name}.csv" for name in ("youths", "wishes", "offers")),
        *("--as-of=2023-09-15", f"--out={tmp_path / 'out'}"),
    )
    assert (code, out) == (3, "")
    assert "Go de mémoire" in err
    assert "une région à la fois" in err
    assert list(tmp_path.iterdir()) == []


def test_the_demo_runs_the_samples_on_their_own_date(run, replace_match, tmp_path):
    calls = replace_match(lambda *_args, **_kwargs: fake_result(), "matchmaker.match")
    code, text, err = run("demo", "--out", tmp_path / "demo")
    assert (code, err) == (0, "")
    (args, kwargs) = calls[0]
    assert all(path.is_file() for path in (*args, kwargs["referents"]))
    assert (kwargs["as_of"], kwargs["assignment"]) == (dt.date(2023, 9, 15), True)
    assert "synthétiques" in text
    files = re.findall(rf"{re.escape(str(tmp_path))}/demo/\S+", text)
    assert len(files) == 4
    assert all(Path(file).is_file() for file in files)


@pytest.mark.parametrize("is_active", [True, False])
def test_the_demo_says_how_this_shell_calls_the_command(
    run, replace_match, monkeypatch, tmp_path, is_active
):
    replace_match(lambda *_args, **_kwargs: fake_result(), "matchmaker.match")
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "matchmaker").touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(programs / "python"))
    monkeypatch.setenv("PATH", str(programs if is_active else tmp_path))
    _, text, _ = run("demo", "--out", "demo")
    said = text.partition("La suite : ")[2]
    if is_active:
        assert said == "matchmaker --help\n"
    else:
        assert said.splitlines() == [
            "source .venv/bin/activate",
            "  puis matchmaker --help ; ou, sans activer, .venv/bin/matchmaker --help",
        ]


def test_generated_tables_are_called_synthetic_and_the_seed_makes_them(run, tmp_path):
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        code, text, _ = run(
            *("generate", "--youths", 20, "--offers", 40, "--seed", seed, "--out", tmp_path / name)
        )
        assert code == 0
        assert text.startswith("tables synthétiques de 20 jeunes et 40 offres : ")
    a, b, c = ((tmp_path / name / "wishes.csv").read_bytes() for name in "abc")
    assert a == b != c


def test_the_help_of_generate_and_its_page_say_the_date_that_it_takes(run, tmp_path):
    (as_of,) = (p for p in commands()["matchmaker generate"].params if p.name == "as_of")
    said = re.findall(r"; (\S+) if left out", as_of.help)
    page = DOCS.read_text(encoding="utf-8").split("## matchmaker generate\n")[1]
    assert said == re.findall(r"`--as-of` \| .*; (\S+) if left out", page)[:1]
    for name, date in (("given", ("--as-of", *said)), ("left_out", ())):
        run("generate", *("--youths", 20, "--offers", 40, "--out", tmp_path / name), *date)
    for table in ("youths", "offers"):
        given, left_out = (tmp_path / name / f"{table}.csv" for name in ("given", "left_out"))
        assert given.read_bytes() == left_out.read_bytes()


@pytest.mark.parametrize("table", ["youths", "wishes", "offers", "audit", "sent", "referents"])
def test_schema_of_each_table(run, table):
    code, text, _ = run("schema", table, "--format", "json")
    assert code == 0
    fields = [field["name"] for field in json.loads(text)["fields"]]
    code, page, _ = run("schema", table)
    assert code == 0
    assert all(name in page for name in fields)


ISSUE = Issue(reason="x", file="y.csv", line=3, column="a", value="b\x1b[2J", message="is bad")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InputError([ISSUE, ISSUE]), 1),
        (UsageError("y\x1b[2J.csv: no such file."), 2),
        (InfeasibleError("no room."), 3),
        (CheckError("refused."), 4),
        (MemoryError(), 3),
    ],
)
def test_errors_are_sentences_with_an_exit_code(run, replace_match, tmp_path, error, expected):
    def fail(*_args, **_kwargs):
        raise error

    replace_match(fail)
    code, text, err = run("match", *FILES, "--out", tmp_path / "out")
    assert code == expected
    assert text == ""
    assert err.count("\n") == len(getattr(error, "issues", [1]))
    assert "Traceback" not in err
    assert "\x1b" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["match", *FILES], "--out manque"),
        (["match", "--offers", "o.csv", "--out", "x"], "--wishes"),
        (
            ["match", *FILES, "--out", "x", "--as-of", "15/09/2023"],
            "'15/09/2023' n'est pas une date",
        ),
        (["match", *FILES, "--out", "x", "--lang", "de"], "--lang"),
        (
            ["match", *FILES, "--out", "x", "--seed", "-1"],
            "réglage 'seed' : -1 n'est pas compris entre",
        ),
        (
            ["match", *FILES, "--out", "x", "--settings", "no.toml"],
            "ce fichier de réglages n'existe pas",
        ),
        (["match", *FILES, "--out", __file__], "c'est un fichier, pas un dossier"),
        (["match", *FILES, "--out", "."], "vous êtes dans ce dossier"),
        (["match", *FILES, "--out", ".."], "qu'aucun calcul de matchmaker"),
        (["nonsense"], "nonsense"),
        (["generate", "--youths", "0", "--offers", "1", "--out", "x"], "--youths"),
    ],
)
def test_a_slip_of_the_hand_is_a_usage_error(run, replace_match, monkeypatch, arguments, said):
    monkeypatch.chdir(Path(__file__).parent)
    calls = replace_match(lambda *_args, **_kwargs: fake_result())
    code, _, err = run(*arguments)
    assert code == 2
    assert said in err
    assert "Traceback" not in err
    assert calls == []  # said before any work is done


def test_an_unknown_setting_is_named_with_a_suggestion(run, tmp_path):
    (tmp_path / "s.toml").write_text("lines_per_yuth = 3\n")
    code, _, err = run("settings", "show", "--settings", tmp_path / "s.toml")
    assert code == 2
    assert "le réglage 'lines_per_yuth' n'existe pas. Vouliez-vous dire 'lines_per_youth' ?" in err


@pytest.mark.parametrize(
    ("words", "environment", "expected"),
    [
        ([], {}, "--out manque"),
        ([], {"LANG": "en_GB.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "--out manque"),
        ([], {"MATCHMAKER_LANG": "en"}, "--out is missing"),
        ([], {"MATCHMAKER_LANG": "de"}, "--out manque"),
        (["--lang", "en"], {}, "--out is missing"),
        (["--lang=en"], {}, "--out is missing"),
        (["--lang", "fr"], {"MATCHMAKER_LANG": "en"}, "--out manque"),
    ],
)
def test_errors_are_in_the_language_asked_for(run, monkeypatch, words, environment, expected):
    monkeypatch.delenv("MATCHMAKER_LANG", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code, _, err = run("match", *FILES, *words)
    assert code == 2
    assert err.startswith(expected)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 3000 + "]" * 3000, "a = " + "{a=" * 3000 + "1" + "}" * 3000]
)
def test_settings_of_three_thousand_nested_tables(run, tmp_path, text):
    (tmp_path / "deep.toml").write_text(text)
    code, _, error = run("settings", "show", "--settings", tmp_path / "deep.toml")
    assert code == 2
    assert "imbrique" in error


def test_settings_show_prints_what_a_file_takes(run, tmp_path):
    code, text, _ = run("settings", "show")
    assert code == 0
    (tmp_path / "s.toml").write_text(text)
    shown = Settings.from_toml(tmp_path / "s.toml")
    assert shown == spelled_out(Settings(), every_criterion(Settings()))
    assert (shown.weights["trade"], shown.weights["days_left"]) == (30, 0)
    own = tmp_path / "own.toml"
    own.write_text("[values]\ndays_left = [9000, 1, 2, 3]\n")  # kept, though it has no weight
    code, text, _ = run("settings", "show", "--settings", str(own))
    assert "9000" in text
    own.write_text('solver = "none"\n')
    code, _, err = run("settings", "show", "--settings", str(own))
    assert (code, "none" in err) == (2, True)


def test_progress_is_shown_on_a_terminal_only(monkeypatch, capsys):
    from matchmaker_cli.console import progress

    with progress() as show:
        assert show is None
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress() as show:
        show("share_out", 0.42)
    out, err = capsys.readouterr()
    assert out == ""
    assert "répartition 42%" in err
    assert err.endswith("\r\x1b[2K")


def test_a_bug_of_ours_ends_with_70_and_shows_no_values(run, replace_match, tmp_path):
    def bug(*_args, **_kwargs):
        private = "jean.dupont@example.org"
        raise RuntimeError(private)

    replace_match(bug)
    code, _, error = run("match", *FILES, "--out", tmp_path / "out")
    assert code == 70
    assert "RuntimeError" in error
    assert "test_app.py" in error  # where it happened
    assert "jean" not in error
