"""An exercise that lint finds nothing in, and one mistake for each rule with what is told of it."""

from pathlib import Path

from labgrader.authoring.lint.run import lint
from labgrader.reporting.remarks import Remark

GOOD = """\
apiVersion: labgrader.dev/v1alpha1
kind: LabExercise
metadata: {name: lab}
spec:
  title: {ko: 웹, en: Web}
  task:
    ko: 디플로이먼트 `web`을 레플리카 3개로 만들고 메모리를 64Mi로 제한하세요.
    en: Make the Deployment `web` with three replicas and at most 64Mi of memory.
  checks:
  - name: there
    points: 40
    exists: {object: {kind: Deployment, name: web}}
  - name: right
    points: 60
    needs: [there]
    matches:
      object: {kind: Deployment, name: web}
      expect:
        spec: {replicas: 3, template: {spec: {containers: [{resources: {limits: {memory: "<=64Mi"}}}]}}}
"""  # fmt: skip


def linted(folder: Path, text: str) -> tuple[Remark, ...]:
    file = folder / "lab.yaml"
    file.write_text(text, "utf-8")
    return lint([file]).remarks


def changed(*replacements: tuple[str, str]) -> str:
    text = GOOD
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def check(*lines: str) -> str:
    """GOOD with one more check, whose name is on line 20."""
    return GOOD + "".join(f"  {line}\n" for line in ("- name: more", *(f"  {x}" for x in lines)))


EXPECT = (
    "points: 0",
    "matches:",
    "  object: {kind: Deployment, name: web}",
)
CASES = {
    "unquoted octal": (
        changed(("replicas: 3", "replicas: 010")),
        ("unquoted-value", 19, 26, "010 without quotes is read as 8"),
    ),
    "unquoted truth": (
        check(*EXPECT, "  expect: {metadata: {labels: {web: yes}}}"),
        ("unquoted-value", 24, 41, "yes without quotes is read as true"),
    ),
    "unquoted version": (
        check(*EXPECT, "  expect: {metadata: {labels: {version: 5.0}}}"),
        ("unquoted-value", 24, 45, "5.0 without quotes is read as a number whose digits are not"),
    ),
    "lost zero": (
        check(*EXPECT, "  expect: {metadata: {labels: {version: 1.10}}}"),
        ("unquoted-value", 24, 45, "1.10"),
    ),
    "minutes and seconds": (
        check(*EXPECT, "  expect: {metadata: {labels: {at: 1:30}}}"),
        ("unquoted-value", 24, 40, "1:30 without quotes is read as 90"),
    ),
    "exponent": (
        check(*EXPECT, "  expect: {metadata: {labels: {commit: 12e7}}}"),
        ("unquoted-value", 24, 44, "12e7 without quotes is read as a number by some programs"),
    ),
    "a key that is no text": (
        check(*EXPECT, "  expect: {metadata: {labels: {on: x}}}"),
        ("unquoted-value", 24, 36, "on without quotes is read as true"),
    ),
    "null": (
        check(*EXPECT, "  expect: {metadata: {labels: {app: ~}}}"),
        ("null-in-expect", 24, 36, 'null expects nothing; write "(absent)"'),
    ),
    "version of another group": (
        changed(("v1alpha1", "v2")),
        ("wrong-api-version", 1, 1, "apiVersion must be labgrader.dev/v1alpha1"),
    ),
    "misspelt field": (
        changed(("    points: 40", "    pionts: 40")),
        ("unknown-field", 11, 5, "spec.checks.0.pionts: unknown field; did you mean points?"),
    ),
    "misspelt in snake case": (
        check("points: 0", "satisfies: {select: {kind: Pod}, min_matches: 2, expression: x}"),
        ("unknown-field", 22, 38, "satisfies.min_matches: unknown field; did you mean minMatches?"),
    ),
    "a field of another kind": (
        check("points: 0", "ready: {object: {kind: Deployment, name: web}, min: 2}"),
        ("unknown-field", 22, 52, "ready.min: unknown field; known here: object, replicas"),
    ),
    "a field of another kind, among many": (
        changed(("    points: 40", "    expression: 'true'\n    points: 40")),
        ("unknown-field", 11, 5, "spec.checks.0.expression: unknown field"),
    ),
    "misspelt at the top": (
        changed(("spec:\n", "sepc: {}\nspec:\n")),
        ("unknown-field", 4, 1, "sepc: unknown field; did you mean spec?"),
    ),
    "misspelt metadata": (
        changed(("{name: lab}", "{name: lab, nmespace: x}")),
        ("unknown-field", 3, 23, "metadata.nmespace: unknown field; did you mean namespace?"),
    ),
    "no metadata": (
        changed(("metadata: {name: lab}", "metadata: lab")),
        ("invalid-field", 3, 1, "the exercise has no name"),
    ),
    "bad name": (
        changed(("{name: lab}", "{name: Lab_1}")),
        ("invalid-field", 3, 12, "metadata.name"),
    ),
    "negative points": (
        changed(("points: 40", "points: -1")),
        ("invalid-field", 11, 5, "spec.checks.0.points: input should be greater"),
    ),
    "two kinds": (
        changed(
            ("    points: 40\n", "    points: 40\n    absent: {object: {kind: Pod, name: p}}\n")
        ),
        ("invalid-field", 10, 5, "set exactly one check kind, not exists, absent"),
    ),
    "two checks of one name": (
        changed(("name: right", "name: there"), ("    needs: [there]\n", "")),
        ("invalid-field", 13, 5, "check there: another check has this name"),
    ),
    "no check of that name": (
        changed(("needs: [there]", "needs: [their]")),
        ("needs-unknown", 15, 13, "there is no such check; did you mean there?"),
    ),
    "itself": (
        changed(("needs: [there]", "needs: [right]")),
        ("needs-cycle", 15, 13, "check right needs itself"),
    ),
    "the one below": (
        changed(
            ("    points: 40\n", "    points: 40\n    needs: [right]\n"),
            ("    needs: [there]\n", ""),
        ),
        ("needs-order", 12, 13, "check there needs right, which stands below it"),
    ),
    "a later phase": (
        changed(
            ("exists: {object: {kind: Deployment, name: web}}", "answers: {service: web, port: 3}")
        ),
        ("needs-later-phase", 15, 5, "check right needs there, which looks only later"),
    ),
    "no points": (
        changed(("points: 40", "points: 0"), ("points: 60", "points: 0")),
        ("no-points", 9, 3, "no check is worth any points"),
    ),
    "odd sum": (changed(("points: 60", "points: 50")), ("points-sum", 9, 3, "90 points in all")),
    "hollow": (
        changed(("points: 60\n    needs: [there]", "points: 50"))
        + "  - name: none\n    points: 10\n    absent: {object: {kind: Pod, name: web}}\n",
        ("hollow-check", 19, 5, "check none is true of a namespace where nobody has done anything"),
    ),
    "hollow, made by Kubernetes": (
        changed(("points: 60", "points: 50"))
        + "  - name: account\n    points: 10\n"
        + "    exists: {object: {kind: ServiceAccount, name: default}}  # default\n",
        ("hollow-check", 20, 5, "check account is true"),
    ),
    "hollow behind a hollow one": (
        changed(("points: 60", "points: 50"))
        + "  - name: base\n    exists: {object: {kind: ServiceAccount, name: default}}\n"
        + "  - name: none\n    points: 10\n    needs: [base]\n"
        + "    absent: {object: {kind: Pod, name: web}}\n",
        ("hollow-check", 22, 5, "check none is true"),
    ),
    "absence that passes": (
        check(
            *("points: 0", "needs: [there]", "satisfies:", "  select: {kind: Deployment}"),
            *("  match: none", "  expression: object.spec.pausd == true"),
        ),
        ("missing-field", 26, 7, "check more: an object without object.spec.pausd counts as one"),
    ),
    "pattern": (
        check(*EXPECT, '  expect: {metadata: {labels: {app: "~=(?!x)"}}}'),
        ("bad-pattern", 24, 36, "RE2 does not take the pattern"),
    ),
    "kind without group": (
        check("points: 0", "exists: {object: {kind: Widget, name: web}}"),
        ("unusable-check", 20, 5, "kind Widget needs its apiVersion"),
    ),
    "there and not there": (
        check("points: 0", "needs: [there]", "absent: {object: {kind: Deployment, name: web}}"),
        ("unearnable", 20, 5, "checks there and more cannot both pass: one wants Deployment web"),
    ),
    "two values": (
        check(*EXPECT, "  expect: {spec: {replicas: 2}}"),
        ("unearnable", 20, 5, "spec.replicas cannot be both 3 and 2"),
    ),
    "a curve that ends below": (
        check(
            "heals:",
            "  object: {kind: Deployment, name: web}",
            "  fault: DeletePod",
            "  within: 60s",
            "  curve: {of: recoveryTime, points: [{at: 1s, percent: 80}, {at: 9s, percent: 1}]}",
        ),
        ("unearnable", 25, 7, "the curve gives 80 % at most"),
    ),
    "no time": (
        changed(("  checks:", "  timeLimit: 50s\n  checks:"))
        + "  - name: more\n    heals: {object: {kind: Deployment, name: web}, fault: DeletePod,"
        " within: 20s}\n",
        ("time-limit", 9, 3, "may take 50 s, and timeLimit is over after 50 s"),
    ),
    "a node is taken away": (
        check(
            "heals:",
            "  object: {kind: Deployment, name: web}",
            "  fault: EvictFromNode",
            "  within: 60s",
        ),
        ("several-nodes", 20, 5, "check more takes a node away, and the Korean and the English"),
    ),
    "a node is drained for what is kept": (
        check(
            "persists:",
            "  object: {kind: Deployment, name: web}",
            "  store: {port: 80, path: '/{key}'}",
            "  delete: DrainNode",
            "  within: 60s",
        ),
        ("several-nodes", 20, 5, "check more takes a node away, and the Korean and the English"),
    ),
    "removed version": (
        check(
            "points: 0",
            "exists: {object: {apiVersion: autoscaling/v2beta2, kind: HorizontalPodAutoscaler,"
            " name: web}}",
        ),
        ("removed-api", 22, 23, "autoscaling/v2beta2 is not served since Kubernetes 1.26"),
    ),
    "removed version in a tree": (
        check(*EXPECT, "  expect: {ref: {kind: Deployment, apiVersion: apps/v1beta1}}"),
        ("removed-api", 24, 40, "not served since Kubernetes 1.16"),
    ),
    "default": (
        check(*EXPECT, "  expect: {spec: {template: {spec: {dnsPolicy: ClusterFirst}}}}"),
        ("version-dependent", 24, 41, "dnsPolicy to be ClusterFirst, which is filled in"),
    ),
    "wording": (
        check(*EXPECT, "  expect: {status: {conditions: [{message: three replicas}]}}"),
        (
            "version-dependent",
            24,
            39,
            "message to be three replicas, which is worded by Kubernetes",
        ),
    ),
    "never surely absent": (
        check(*EXPECT, '  expect: {metadata: {annotations: "(absent)"}}'),
        ("version-dependent", 24, 27, "annotations to be (absent)"),
    ),
    "untold number": (
        changed(("three replicas", "replicas"), ("레플리카 3개", "레플리카")),
        ("not-in-task", 19, 16, "asks for 3, and the Korean and the English task does not say it"),
    ),
    "untold in one language": (
        changed(("64Mi로", "조금으로")),
        ("not-in-task", 19, 82, "asks for 64Mi, and the Korean task does not say it"),
    ),
    "untold name": (
        check("points: 0", "exists: {object: {kind: ConfigMap, name: web-config}}"),
        ("not-in-task", 22, 40, "asks for web-config"),
    ),
    "untold label": (
        check(*EXPECT, "  expect: {metadata: {labels: {tier: web}}}"),
        ("not-in-task", 24, 36, "asks for tier"),
    ),
    "no Korean": (
        changed(("{ko: 웹, en: Web}", "{en: Web}")),
        ("text-missing", 5, 3, "spec.title has no Korean text (ko)"),
    ),
    "no English hint": (
        changed(("    points: 40\n", "    points: 40\n    hint: {ko: 힌트}\n")),
        ("text-missing", 12, 5, "spec.checks.0.hint has no English text (en)"),
    ),
}
BESIDE = frozenset({"worthless-check", "points-sum", "not-in-task"})
"""What the added checks without points or words break besides."""
