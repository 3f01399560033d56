#!/usr/bin/python3
"""nmfimg beside its peers: the same data, the same starts, in turn.

    peers.py --build BUILD --data DATA --out OUT [--cases cbcl,orl,kodak]
             [--starts 11,12,13,14,15] [--budget FACTOR] [--no-r]

BUILD   a release build with -DNMFIMG_BUILD_BENCH=ON
DATA    a folder with faces/cbcl, faces/orl and photos/kodak
OUT     traces (OUT/CASE-START-NAME.csv), their picture, OUT/figures.md and
        .json, OUT/summary.md
FACTOR  of the seconds that each run has; below 1 for a first look

One thread, CPU time, all that a library does with X included (packing too),
reading files not. For each start the programs run one after the other, so that
a busy machine meets all of them. What counts is the time until the error is
within so many per cent of the smallest that any of them found from that start;
the table has medians over the starts. Starts are those of scikit-learn's
init='random'; the default ones were never used to tune anything.

Needs Debian's python3-sklearn; and r-cran-rcppml, r-cran-nmf unless --no-r.
"""
import argparse
import collections
import csv
import datetime
import json
import os
import shutil
import statistics
import subprocess
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))

Settings = collections.namedtuple(
    "Settings", "title inputs options k per_cent seconds peer_seconds dtypes")

# Inputs and options are those of `nmfimg matrix`.
CASES = {
    "cbcl": Settings("CBCL", ["faces/cbcl"], [], 49, 1, 3, 20,
                     ["float32", "float64"]),
    "orl": Settings("ORL", ["faces/orl"], [], 40, 1, 6, 60, ["float32"]),
    "kodak": Settings("Kodak 8 x 8", ["photos/kodak"],
                      ["--patch", "8x8", "--stride", "6"], 32, 10, 15, 90,
                      ["float32"]),
}

# OpenBLAS knows fewer processors than there are; where AVX-512 is there, its
# kernels for that are the faster ones.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def processor():
    with open("/proc/cpuinfo") as lines:
        info = dict(line.split(":", 1) for line in lines if ":" in line)
    info = {key.strip(): value.strip() for key, value in info.items()}
    return info.get("model name", "unknown"), info.get("flags", "").split()


def run(command, **kwargs):
    return subprocess.run([str(part) for part in command], check=True,
                          env={**os.environ, **ONE_THREAD}, text=True,
                          **kwargs)


class Case:
    """A data set as files, and what was measured with it."""

    def __init__(self, args, name):
        self.name = name
        settings = CASES[name]
        self.title, self.k = settings.title, settings.k
        self.per_cent = settings.per_cent
        self.seconds = settings.seconds * args.budget
        self.peer_seconds = settings.peer_seconds * args.budget
        self.args = args
        self.X = self.path("X.npy")
        run([args.nmfimg, "matrix", "--quiet", "-f", "--dtype", "u8",
             "-o", self.X, *settings.options,
             *(os.path.join(args.data, one) for one in settings.inputs)])
        self.pixels = np.load(self.X, mmap_mode="r")
        self.traces = {}  # (start, program) -> (cpu seconds, errors)
        self.memory_kb = []

    def path(self, name):
        return os.path.join(self.args.out, f"{self.name}-{name}")

    def make_start(self, start):
        """W0 and H0 as scikit-learn's init='random' makes them."""
        (m, n), k = self.pixels.shape, self.k
        random = np.random.RandomState(start)
        scale = np.sqrt(self.pixels.mean() / 255 / k)
        H0 = np.abs(scale * random.standard_normal((k, n)))
        W0 = np.abs(scale * random.standard_normal((m, k)))
        paths = self.path("W0.npy"), self.path("H0.npy")
        for path, factor in zip(paths, (W0, H0)):
            np.save(path, factor.astype(np.float32))
        return paths

    def trace(self, start, program, starts):
        """Run a program from a start; keep its trace."""
        path = self.path(f"{start}-{program.replace(' ', '-')}.csv")
        with open(path, "w") as out:
            if program.startswith("scikit-learn"):
                run([os.path.join(HERE, "trace_sklearn.py"), self.X, *starts,
                     self.peer_seconds, program.split()[-1]], stdout=out)
            else:
                done = run([self.args.bench_fit, self.X, *starts, "hals",
                            self.seconds, 1, program.split()[-1]],
                           stdout=out, stderr=subprocess.PIPE)
                self.memory_kb.append(
                    (program, int(done.stderr.split()[-1])))
        with open(path) as lines:
            rows = list(csv.DictReader(lines))
        self.traces[start, program] = (
            np.array([float(row["cpu_s"]) for row in rows]),
            np.array([float(row["relative_error"]) for row in rows]))

    def best(self, start):
        return min(errors.min() for (at, _), (_, errors) in self.traces.items()
                   if at == start)

    def time_to(self, start, program, error):
        """Seconds and iterations until an error; None: not reached."""
        seconds, errors = self.traces[start, program]
        reached = np.flatnonzero(errors <= error)
        if not len(reached):
            return None
        return float(seconds[reached[0]]), int(reached[0]) + 1


def measure(case, args, programs):
    for start in args.starts:
        starts = case.make_start(start)
        for program in programs:
            print(f"{case.title}, start {start}: {program}", file=sys.stderr)
            case.trace(start, program, starts)


# ---- figures ----

def median_of(values):
    return statistics.median(values) if values else None


def target_of(case, start):
    return case.best(start) * (1 + case.per_cent / 100)


def times_of(case, args, program):
    """A row of the table of times."""
    reached, each = [], []
    for start in args.starts:
        time = case.time_to(start, program, target_of(case, start))
        if time:
            reached.append(time)
        each.append(float(np.median(np.diff(case.traces[start, program][0]))))
    return {"case": case.title, "per_cent": case.per_cent, "program": program,
            "starts": len(args.starts), "reached": len(reached),
            "seconds": median_of([seconds for seconds, _ in reached]),
            "iterations": median_of([count for _, count in reached]),
            "iteration_ms": 1e3 * median_of(each)}


def ratios_of(case, args, peer, ours):
    """A row of the table of ratios. A peer that did not get there in all its
    time took at least that long."""
    ratios, is_bound = [], False
    for start in args.starts:
        target = target_of(case, start)
        own = case.time_to(start, ours, target)
        theirs = case.time_to(start, peer, target)
        if own:
            is_bound |= not theirs
            spent = theirs[0] if theirs else case.traces[start, peer][0][-1]
            ratios.append(float(spent / own[0]))
    return {"case": case.title, "peer": peer, "ours": ours,
            "is_bound": is_bound, "median": median_of(ratios),
            "low": min(ratios, default=None),
            "high": max(ratios, default=None)}


def bench(case, args, cpu):
    """What nmfimg bench says of a case with some instructions."""
    done = subprocess.run(
        [args.nmfimg, "bench", case.X, "-k", str(case.k), "--json", "--seconds",
         str(max(2.0, 10 * args.budget))], check=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "NMFIMG_CPU": cpu})
    return json.loads(done.stdout)


def r_peers(case, args, ours):
    """RcppML and NMF's lee: what they reach, and when ours had that error."""
    rows = []
    start = args.starts[0]
    paths = case.make_start(start)
    raw = [case.path(name) for name in ("X.f32", "W0.f32", "H0.f32")]
    X = (case.pixels / np.float32(255)).astype(np.float32)
    for path, numbers in zip(raw, (X, *map(np.load, paths))):
        numbers.astype(np.float32).tofile(path)
    m, n = X.shape
    for name, command in (
            ("RcppML::nmf", ["trace_rcppml.R", raw[0], m, n, case.k, start]),
            ("R NMF lee", ["trace_rnmf.R", *raw, m, n, case.k, 1000])):
        print(f"{case.title}: {name}", file=sys.stderr)
        try:
            done = run([os.path.join(HERE, command[0]), *command[1:]],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except subprocess.CalledProcessError as error:
            print(f"{name} failed: {error.stderr.strip()[-200:]}",
                  file=sys.stderr)
            continue
        iterations, seconds, reached = done.stdout.split()[-3:]
        own = case.time_to(start, ours, float(reached))
        rows.append({"case": case.title, "program": name,
                     "iterations": iterations, "seconds": float(seconds),
                     "error": float(reached),
                     "our_seconds": own[0] if own else None})
    return rows


# ---- tables ----

def table(heads, rows):
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def number(value, form):
    return "-" if value is None else format(value, form)


def find(rows, **wanted):
    """The first row with these values."""
    for row in rows:
        if all(row[key] == value for key, value in wanted.items()):
            return row
    return None


def sentence(args, results):
    busy = (" Other programs ran meanwhile, which costs most where all threads "
            "are counted." if float(results["load_before"]) > 0.5 else "")
    return (f"Measured on {results['date']}, {results['processor']}, "
            f"{os.cpu_count()} cores, load average {results['load_before']} "
            f"before and {results['load_after']} after, "
            f"{len(args.starts)} start{'s' * (len(args.starts) > 1)} "
            f"({', '.join(map(str, args.starts))}).{busy}\n")


def cell(results, ratio):
    """"0.070 s: 62x (58 to 66)": ours, and how many times as fast."""
    own = find(results["times"], case=ratio["case"], program=ratio["ours"])
    if ratio["median"] is None or own["seconds"] is None:
        return "not reached"
    form = ".0f" if ratio["median"] >= 20 else ".1f"
    least = "> " * ratio["is_bound"]
    text = f"{own['seconds']:.3f} s: **{least}{ratio['median']:{form}}x**"
    if ratio["low"] < ratio["high"]:
        text += f" ({ratio['low']:{form}} to {ratio['high']:{form}})"
    return text


def speed_table(results):
    """A row a case and peer, a column a set of instructions of ours."""
    programs = list(dict.fromkeys(row["ours"] for row in results["ratios"]))
    rows = []
    for key in dict.fromkeys((row["case"], row["peer"])
                             for row in results["ratios"]):
        case, peer = key
        theirs = find(results["times"], case=case, program=peer)
        ratios = [find(results["ratios"], case=case, peer=peer, ours=ours)
                  for ours in programs]
        rows.append([f"{case}, to within {theirs['per_cent']} %", peer,
                     f"{theirs['seconds']:.2f} s" if theirs["seconds"]
                     else "not reached",
                     *(cell(results, ratio) for ratio in ratios)])
    for row in results["r"]:
        own = row["our_seconds"]
        ours = f"{own:.3f} s: **{row['seconds'] / own:.0f}x**" if own else "-"
        rows.append([f"{row['case']}, to its own end", row["program"],
                     f"{row['seconds']:.1f} s", ours,
                     *["" for _ in programs[1:]]])
    return table(["", "peer", "peer's time", *programs], rows)


def iteration_table(results):
    rows = []
    for row in results["limits"]:
        memory = find(results["memory"], case=row["case"],
                      program=f"nmfimg {row['cpu']}")
        rows.append([row["case"], row["cpu"], f"{row['ms']:.2f}",
                     f"{100 * row['fraction']:.0f} %",
                     f"{row['speedup']:.2f}x", f"{memory['kb'] / 1000:.1f} MB"])
    return table(["", "instructions", "ms an iteration",
                  "of the peak of float", "2 threads" if os.cpu_count() == 2
                  else "all threads", "memory beside X"], rows)


def times_table(results):
    return table(
        ["", "program", "seconds", "iterations", "ms an iteration", "reached"],
        [[f"{row['case']}, {row['per_cent']} %", row["program"],
          number(row["seconds"], ".3f"), number(row["iterations"], ".0f"),
          number(row["iteration_ms"], ".2f"),
          f"{row['reached']} of {row['starts']}"]
         for row in results["times"]])


def write_figures(args, results):
    """summary.md for the README, figures.md with all, the same as JSON."""
    summary = "\n".join([sentence(args, results), speed_table(results),
                         iteration_table(results)])
    for name, text in (("summary.md", summary),
                       ("figures.md", summary + "\n" + times_table(results)),
                       ("figures.json", json.dumps(results, indent=1))):
        with open(os.path.join(args.out, name), "w") as out:
            out.write(text)


def load_average():
    return "%.1f" % os.getloadavg()[0]


def draw(case, args, programs):
    """A picture of the traces of the first start."""
    start = args.starts[0]
    names = {program: case.path(f"{start}-{program.replace(' ', '-')}.csv")
             for program in programs}
    title = (f"{case.title}, {case.pixels.shape[0]} x {case.pixels.shape[1]}, "
             f"k = {case.k}: the same start")
    run([args.draw, os.path.join(args.out, f"speed-{case.name}.png"), title,
         case.per_cent, *(f"{name}={path}" for name, path in names.items())])


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--starts", default="11,12,13,14,15")
    parser.add_argument("--budget", type=float, default=1.0)
    parser.add_argument("--no-r", action="store_true")
    args = parser.parse_args()
    args.starts = [int(start) for start in args.starts.split(",")]
    args.nmfimg = os.path.join(args.build, "app/cli/nmfimg")
    args.bench_fit = os.path.join(args.build, "tests/bench/bench_fit")
    args.draw = os.path.join(args.build, "tests/bench/draw_traces")
    os.makedirs(args.out, exist_ok=True)
    return args


def main():
    args = parse()
    model, flags = processor()
    if "avx512f" in flags:
        ONE_THREAD["OPENBLAS_CORETYPE"] = "SkylakeX"
    cpus = (["avx512bf16"] if "avx512_bf16" in flags else []) + \
        (["avx512"] if "avx512f" in flags else []) + \
        (["avx2"] if "avx2" in flags else []) or ["portable"]
    ours = [f"nmfimg {cpu}" for cpu in cpus]
    results = {"date": datetime.date.today().isoformat(), "processor": model,
               "load_before": load_average(), "times": [], "ratios": [],
               "limits": [], "memory": [], "r": []}
    for name in args.cases.split(","):
        case = Case(args, name)
        peers = [f"scikit-learn cd {dtype}" for dtype in CASES[name].dtypes]
        programs = ours + peers
        measure(case, args, programs)
        results["times"] += [times_of(case, args, program)
                             for program in programs]
        results["ratios"] += [ratios_of(case, args, peer, own)
                              for peer in peers for own in ours]
        for cpu in cpus:
            figures = bench(case, args, cpu)
            one = figures["one_thread"]
            results["limits"].append({
                "case": case.title, "cpu": cpu,
                "ms": 1e3 * one["iteration_seconds"],
                "fraction": one["fraction_of_peak"],
                "peak": one["peak_flops"], "speedup": figures["speedup"]})
        for own in ours:
            results["memory"].append({
                "case": case.title, "program": own,
                "kb": max(kb for program, kb in case.memory_kb
                          if program == own)})
        if name == "cbcl" and not args.no_r and shutil.which("Rscript"):
            results["r"] += r_peers(case, args, ours[0])
        draw(case, args, programs)
        results["load_after"] = load_average()
        write_figures(args, results)
    with open(os.path.join(args.out, "figures.md")) as figures:
        print(figures.read())


if __name__ == "__main__":
    main()
