"""The tools that are compared, and what a command spends under each of them.

A figure is the processor time (user and system, of all processes waited for) unless wall time is asked for: on a
machine with other work it is the one that repeats.
"""
import os
import shutil
import statistics
import subprocess

LIBRARY_FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")


class Tool:
    """One column. `slow`: known to take 20 times as long and more."""

    def __init__(self, name, prefix=(), preload="", settings=None, slow=False):
        self.name, self.prefix, self.preload = name, list(prefix), preload
        self.settings, self.slow = settings or {}, slow


def library(name):
    for folder in LIBRARY_FOLDERS:
        if os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name)
    return ""


def liblsan():
    name = subprocess.run(["gcc", "-print-file-name=liblsan.so"], capture_output=True, text=True).stdout.strip()
    return os.path.realpath(name) if os.path.isabs(name) else ""


def jemalloc_profiles(path):
    """Debian's is built without profiling: it then says that `prof` is no setting of it."""
    done = subprocess.run(["/bin/true"], env={"LD_PRELOAD": path, "MALLOC_CONF": "prof:true"}, capture_output=True,
                          text=True)
    return "Invalid" not in done.stderr


def seep(build, folder, below=""):
    library_path = os.path.join(build, "preload", "libseep.so")
    return Tool("Seep" + (" on mimalloc" if below else ""), preload=":".join(filter(None, [library_path, below])),
                settings={"SEEP_OPTIONS": f"print=none:output={folder}/%e.%p.leak"})


def tools(build, folder):
    """All columns, the plain one first; and what is missing, as lines."""
    lsan, jemalloc, tcmalloc = liblsan(), library("libjemalloc.so.2"), library("libtcmalloc.so.4")
    columns, missing = [Tool("nothing"), seep(build, folder)], []
    if lsan:
        columns.append(Tool("LeakSanitizer, 2 frames", (), lsan, {"LSAN_OPTIONS": "exitcode=0"}))
        columns.append(Tool("LeakSanitizer, full stacks", (), lsan,
                            {"LSAN_OPTIONS": "exitcode=0:fast_unwind_on_malloc=0"}, True))
    else:
        missing.append("LeakSanitizer: gcc has no liblsan.so")
    if shutil.which("heaptrack"):
        columns.append(Tool("heaptrack", ["heaptrack", "--raw", "-o", f"{folder}/heaptrack"]))
    else:
        missing.append("heaptrack: not installed")
    if shutil.which("valgrind"):
        columns.append(Tool("Valgrind", ["valgrind", "-q", "--leak-check=full", f"--log-file={folder}/valgrind"],
                            slow=True))
    else:
        missing.append("Valgrind: not installed")
    if jemalloc and jemalloc_profiles(jemalloc):
        columns.append(Tool("jemalloc's profile", (), jemalloc,
                            {"MALLOC_CONF": f"prof:true,lg_prof_sample:0,prof_prefix:{folder}/jemalloc"}, True))
    else:
        missing.append("jemalloc's profile: " + ("libjemalloc.so.2 is built without it" if jemalloc else
                                                 "not installed"))
    if tcmalloc:
        columns.append(Tool("gperftools' heap profile", (), tcmalloc, {"HEAPPROFILE": f"{folder}/gperftools"}, True))
    else:
        missing.append("gperftools: libtcmalloc.so.4 is not installed")
    return columns, missing


class Bench:
    """Where things are, and how often each is run."""

    def __init__(self, build, folder, runs, quick, clock):
        self.build, self.folder, self.runs, self.quick, self.clock = build, folder, runs, quick, clock
        self.columns, self.missing = tools(build, folder)
        self.programs = {}  # compiled here
        self.taken = {}  # seconds that each part took
        self.limit = 900  # seconds; what takes longer has failed
        self.patience = 1 if quick else 3  # seconds that one run of a tool may take

    def program(self, source, *flags):
        """Compiles a C file of this folder, once for each set of flags."""
        if (source, flags) not in self.programs:
            out = os.path.join(self.folder, f"{source}.{len(self.programs)}")
            here = os.path.join(os.path.dirname(os.path.abspath(__file__)), source + ".c")
            done = subprocess.run(["gcc", "-O2", "-fno-optimize-sibling-calls", here, "-o", out, "-pthread", *flags],
                                  capture_output=True)
            self.programs[(source, flags)] = out if done.returncode == 0 else None
        return self.programs[(source, flags)]

    def output(self, tool, command, settings=None):
        """What the command prints under the tool, or None when it fails."""
        environment = dict(os.environ, **(settings or {}), **tool.settings, SPEND_PRELOAD=tool.preload)
        spend = [self.program("spend"), os.path.join(self.folder, "spent")]
        try:
            done = subprocess.run(spend + tool.prefix + command, env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, text=True, errors="replace", timeout=self.limit)
        except subprocess.TimeoutExpired:
            return None
        return done.stdout if done.returncode == 0 else None

    def spend(self, tool, command, settings=None):
        """(seconds, KiB), or None when the command fails."""
        if self.output(tool, command, settings) is None:
            return None
        with open(os.path.join(self.folder, "spent"), encoding="ascii") as file:
            wall, processor, kib = file.read().split()
        return float(wall if self.clock == "wall" else processor), int(kib)

    def share_of(self, tool, command_of, settings):
        """The part of the work that a tool gets: what it can do in `patience` seconds, as told by tries with little."""
        share, estimate = 0.01, 0.0
        for tried in (0.01, 0.1):
            spent = self.spend(tool, command_of(tried), settings)
            if spent is None:
                return 1  # it fails, and soon
            share, estimate = tried, max(spent[0], 1e-3) / tried
            if estimate * 0.1 > self.patience:
                break
        return max(share, min(1, self.patience / estimate))

    def ratios(self, columns, command_of, settings=None, figure=0):
        """{tool: median ratio to the plain run beside it, or None}; the plain run's own figure under `nothing`.
        `command_of(share)`: the command for this share of the work. Memory (figure 1) is always of all of it, and of one run:
        it repeats."""
        shares = {tool: 1 if tool is columns[0] or figure == 1 else self.share_of(tool, command_of, settings)
                  for tool in columns}
        found = {tool.name: [] for tool in columns}
        for turn in range(1 if figure == 1 else self.runs):
            plain = {}
            for tool, share in shares.items():
                if turn > 0 and share < 0.5:
                    continue  # once is enough of what is far off
                if share not in plain or share == 1:  # the machine may be another one a few seconds later
                    plain[share] = self.spend(columns[0], command_of(share), settings)
                base = plain[share]
                spent = base if tool is columns[0] else self.spend(tool, command_of(share), settings)
                if spent is None or base is None:
                    found[tool.name].append(None)
                else:
                    found[tool.name].append(spent[figure] if tool is columns[0] else
                                            spent[figure] / max(base[figure], 1e-4))
        return {name: None if None in all_of_it else statistics.median(all_of_it)
                for name, all_of_it in found.items()}
