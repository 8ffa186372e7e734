"""What users hold of the bare library: its files, its one line, its exit status.

    contract.py CLAIM LEAKING CLEAN

LEAKING is a program that loses, CLEAN one that does not; both end with status 0.
"""

import os
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))

import watch  # noqa: E402


def run(program, folder, options=""):
    """A run with nothing but these options, in `folder`."""
    environment = watch.clean_environment({"LD_PRELOAD": watch.LIBRARY, "SEEP_OPTIONS": options})
    return watch.run([program], environment, cwd=folder)


def must(holds, sentence):
    if not holds:
        raise AssertionError(sentence)


def clean_program_leaves_no_file(_, clean, folder):
    outcome = run(clean, folder)
    must(outcome == watch.run_plain([clean]), f"it says something: {outcome}")
    must(os.listdir(folder) == [], f"files: {os.listdir(folder)}")


def clean_program_leaves_a_file_that_was_asked_for(_, clean, folder):
    run(clean, folder, "keep=yes")
    must(len(os.listdir(folder)) == 1, f"files: {os.listdir(folder)}")


def leaking_program_leaves_a_private_file(leaking, _, folder):
    run(leaking, folder)
    names = os.listdir(folder)
    must(len(names) == 1, f"files: {names}")
    parts = names[0].split(".")
    must(parts[0] == "seep" and parts[-1] == "leak" and parts[-2].isdigit(), f"file: {names[0]}")
    must(".".join(parts[1:-2]) == os.path.basename(leaking), f"file: {names[0]}")
    mode = stat.S_IMODE(os.stat(os.path.join(folder, names[0])).st_mode)
    must(mode == 0o600, f"mode {mode:o}")


def one_line_is_said_at_the_end(leaking, _, folder):
    plain = watch.run_plain([leaking])
    outcome = run(leaking, folder)
    must(outcome.output == plain.output and outcome.status == 0, f"not the same: {outcome}")
    must(outcome.errors.count(b"\n") == 1, f"not one line: {outcome.errors}")


def nobody_need_read_standard_error(leaking, _, folder):
    """Its reader has gone: what is said there must not end the program by SIGPIPE."""
    for options in ("", "print=full"):
        environment = watch.clean_environment({"LD_PRELOAD": watch.LIBRARY, "SEEP_OPTIONS": options})
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([leaking], env=environment, cwd=folder, stderr=writer, stdout=subprocess.PIPE,
                              timeout=watch.TIME_LIMIT_S, check=False)
        os.close(writer)
        must(done.returncode == 0, f"{options}: status {done.returncode}")
    must(len(os.listdir(folder)) == 2, f"files: {os.listdir(folder)}")


def full_report_is_printed(leaking, _, folder):
    outcome = run(leaking, folder, "print=full")
    must(b"parse_record" in outcome.errors, f"no call path: {outcome.errors}")
    must(outcome.output == watch.run_plain([leaking]).output, f"not the same: {outcome}")


def nothing_is_said_when_asked(leaking, _, folder):
    outcome = run(leaking, folder, "print=none")
    must(outcome == watch.run_plain([leaking]), f"not the same: {outcome}")


def file_that_is_there_stays(leaking, _, folder):
    first = os.path.join(folder, "there.leak")
    with open(first, "w", encoding="utf-8") as file:
        file.write("mine")
    for _ in range(2):
        run(leaking, folder, "output=there.leak")
    with open(first, encoding="utf-8") as file:
        must(file.read() == "mine", "it was overwritten")
    names = sorted(os.listdir(folder))
    must(names == ["there.leak", "there.leak.2", "there.leak.3"], f"files: {names}")


def link_is_not_followed(leaking, _, folder):
    target = os.path.join(folder, "target")
    os.symlink(target, os.path.join(folder, "link.leak"))
    run(leaking, folder, "output=link.leak")
    must(not os.path.exists(target), "the link was followed")


def name_has_program_and_percent(leaking, _, folder):
    run(leaking, folder, "output=a%%b.%e")
    names = os.listdir(folder)
    must(names == [f"a%b.{os.path.basename(leaking)}"], f"files: {names}")


def exit_status_is_set_where_asked(leaking, clean, folder):
    must(run(leaking, folder, "exitcode=23").status == 23, "leaks, and status 0")
    must(run(clean, folder, "exitcode=23").status == 0, "no leaks, and another status")
    must(run(leaking, folder).status == 0, "not asked, and another status")


def wrong_option_is_told_once(_, clean, folder):
    outcome = run(clean, folder, "depth=many")
    must(outcome.errors.count(b"\n") == 1 and b"depth" in outcome.errors, f"says {outcome.errors}")
    must(outcome.status == 0, f"status {outcome.status}")


def colon_may_stand_in_quotes(leaking, _, folder):
    run(leaking, folder, 'output="a:b.leak":print=none')
    must(os.listdir(folder) == ["a:b.leak"], f"files: {os.listdir(folder)}")


def main(claim, leaking, clean):
    leaking, clean = os.path.abspath(leaking), os.path.abspath(clean)
    with tempfile.TemporaryDirectory(prefix="seep-contract.") as folder:
        try:
            globals()[claim](leaking, clean, folder)
        except AssertionError as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
