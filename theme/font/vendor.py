#!/usr/bin/env python3
"""Makes the files in data/ from the packages that README.md names.

    npm pack @fontsource-variable/inter@5.3.0 …   (the list stands in FAMILIES)
    vendor.py FOLDER_WITH_THE_TGZ_FILES

Needs fontTools 4.38 and Brotli (Debian: fonttools, python3-brotli). It is run
by hand when a family is added or brought up to date, never by a build.
"""

import io
import pathlib
import sys
import tarfile

from fontTools import subset
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

# What a subset may hold; a file holds as much of it as the family has.
CORE = (
    "U+0020-007E,U+00A0-00A1,U+00A3,U+00A7,U+00A9,U+00AB,U+00AE,U+00B0,U+00B7,U+00BB,U+00BF-00FF,U+0152-0153,"
    "U+2009,U+2013-2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2032,U+2039-203A,U+20AC,U+2122,U+2212"
)
SUBSETS = {
    "latin": CORE,
    "latin-ext": (
        "U+0100-0130,U+0132-0151,U+0154-017F,U+018F,U+01A0-01A1,U+01AF-01B0,U+01CD-01DC,U+01E6-01E7,U+01EA-01EB,"
        "U+01FA-01FF,U+0218-021B,U+0237,U+0259,U+1E80-1E85,U+1E9E,U+1EF2-1EF3"
    ),
    "greek": "U+0384-038A,U+038C,U+038E-03A1,U+03A3-03CE",
    "cyrillic": "U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116",
    "arabic": (
        "U+060C,U+061B,U+061F,U+0621-063A,U+0640-0652,U+0660-066C,U+0670-0671,U+067E,U+0686,U+0698,U+06A9,U+06AF,"
        "U+06CC,U+06F0-06F9,U+200C-200E"
    ),
}
FEATURES = ["kern", "liga", "locl", "ccmp", "mark", "mkmk", "rvrn", "init", "medi", "fina", "isol", "rlig", "calt", "curs"]

# family: (package, version, subsets)
FAMILIES = {
    "inter": ("@fontsource-variable/inter", "5.3.0"),
    "source-sans-3": ("@fontsource-variable/source-sans-3", "5.3.0"),
    "roboto": ("@fontsource-variable/roboto", "5.3.0"),
    "open-sans": ("@fontsource-variable/open-sans", "5.3.0"),
    "lato": ("@fontsource/lato", "5.3.0"),
    "noto-sans": ("@fontsource-variable/noto-sans", "5.3.0"),
    "work-sans": ("@fontsource-variable/work-sans", "5.3.0"),
    "nunito-sans": ("@fontsource-variable/nunito-sans", "5.3.0"),
    "ibm-plex-sans": ("@fontsource-variable/ibm-plex-sans", "5.3.0"),
    "source-serif-4": ("@fontsource-variable/source-serif-4", "5.3.1"),
    "lora": ("@fontsource-variable/lora", "5.3.0"),
    "merriweather": ("@fontsource-variable/merriweather", "5.3.0"),
    "noto-serif": ("@fontsource-variable/noto-serif", "5.3.0"),
    "noto-sans-arabic": ("@fontsource-variable/noto-sans-arabic", "5.3.0"),
}

KERNED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÄÖÜäöüßéèà.,:;-–’“”„"


def load(package, path):
    return TTFont(io.BytesIO(package[path]), recalcTimestamp=False)


def kerning(font):
    """The kerning of KERNED at the default instance: {(left, right): value}."""
    if "GPOS" not in font:
        return {}
    gpos, cmap = font["GPOS"].table, font.getBestCmap()
    glyphs = list(dict.fromkeys(cmap[ord(c)] for c in KERNED if ord(c) in cmap))
    lookups = set()
    for script in gpos.ScriptList.ScriptRecord:
        if script.ScriptTag not in ("DFLT", "latn") or script.Script.DefaultLangSys is None:
            continue
        for i in script.Script.DefaultLangSys.FeatureIndex:
            record = gpos.FeatureList.FeatureRecord[i]
            if record.FeatureTag == "kern":
                lookups.update(record.Feature.LookupListIndex)
    pairs = {}
    for i in sorted(lookups):
        tables = [getattr(t, "ExtSubTable", t) for t in gpos.LookupList.Lookup[i].SubTable]
        for left in glyphs:
            for right in glyphs:
                value = pair_value(tables, left, right)
                if value:
                    pairs[left, right] = pairs.get((left, right), 0) + value
    return pairs


def pair_value(tables, left, right):
    for t in tables:
        if t.LookupType != 2 or left not in t.Coverage.glyphs:
            continue
        if t.Format == 1:
            for record in t.PairSet[t.Coverage.glyphs.index(left)].PairValueRecord:
                if record.SecondGlyph == right:
                    return getattr(record.Value1, "XAdvance", 0) if record.Value1 else 0
        else:
            one, two = t.ClassDef1.classDefs.get(left, 0), t.ClassDef2.classDefs.get(right, 0)
            value = t.Class1Record[one].Class2Record[two].Value1
            return getattr(value, "XAdvance", 0) if value else 0
    return 0


def rebuild_kerning(font, pairs):
    """Replaces the positioning of Latin by the kerning that shows, in classes of glyphs kerned alike."""
    step = font["head"].unitsPerEm * 0.02
    value = {pair: round(round(v / step) * step) for pair, v in pairs.items()}
    lefts, rights = sorted({l for l, _ in value}), sorted({r for _, r in value})
    left, right = {}, {}
    for l in lefts:
        left.setdefault(tuple(value.get((l, r), 0) for r in rights), []).append(l)
    for r in rights:
        right.setdefault(tuple(value.get((l, r), 0) for l in lefts), []).append(r)
    lines = [
        f"pos [{' '.join(ls)}] [{' '.join(rs)}] {value[ls[0], rs[0]]};"
        for ls in left.values()
        for rs in right.values()
        if value.get((ls[0], rs[0]))
    ]
    if "GPOS" in font:
        del font["GPOS"]
    if lines:
        rules = "feature kern {\n" + "\n".join(lines) + "\n} kern;"
        addOpenTypeFeaturesFromString(font, "languagesystem DFLT dflt; languagesystem latn dflt;\n" + rules, tables=["GPOS"])


def again(font):
    """The font as it is read back, with nothing left half decoded."""
    out = io.BytesIO()
    font.flavor = None
    font.save(out)
    return TTFont(io.BytesIO(out.getvalue()), recalcTimestamp=False)


def cut(font, unicodes, number, latin):
    font = again(font)
    pairs = kerning(font) if latin else None
    options = subset.Options()
    options.layout_features = ["liga", "rvrn"] if latin else FEATURES
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 13, 14]  # whose it is and under which licence
    options.drop_tables += ["gasp", "meta", "DSIG", "MVAR", "STAT"]
    s = subset.Subsetter(options)
    s.populate(unicodes=subset.parse_unicodes(unicodes))
    s.subset(font)
    if latin:
        alive = set(font.getGlyphOrder())
        rebuild_kerning(font, {p: v for p, v in pairs.items() if p[0] in alive and p[1] in alive})
    name = font["name"]
    for id, text in ((1, f"Complero {number:02}"), (2, "Regular"), (4, f"Complero {number:02}"), (6, f"Complero{number:02}")):
        name.setName(text, id, 3, 1, 0x409)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue(), len(font.getBestCmap())


def read(folder, name, version):
    file = name.lstrip("@").replace("/", "-") + "-" + version + ".tgz"
    with tarfile.open(folder / file) as tar:
        return {m.name.removeprefix("package/"): tar.extractfile(m).read() for m in tar if m.isfile()}


def main():
    folder, data = pathlib.Path(sys.argv[1]), pathlib.Path(__file__).parent / "data"
    for number, (slug, (name, version)) in enumerate(FAMILIES.items(), 1):
        package = read(folder, name, version)
        (data / f"{slug}.LICENSE.txt").write_bytes(package["LICENSE"].replace(b"\r\n", b"\n"))
        for sub, unicodes in SUBSETS.items():
            if slug == "noto-sans-arabic" and sub != "arabic":
                continue
            variable, cuts = f"files/{slug}-{sub}-wght-normal.woff2", {}
            if variable in package:
                cuts[""] = instancer.instantiateVariableFont(load(package, variable), {"wght": (400, 700)})
                if sub == "latin":
                    cuts["-bold"] = instancer.instantiateVariableFont(load(package, variable), {"wght": 700})
            elif f"files/{slug}-{sub}-400-normal.woff2" in package:
                cuts = {c: load(package, f"files/{slug}-{sub}-{w}-normal.woff2") for c, w in (("", 400), ("-bold", 700))}
            for c, font in cuts.items():
                content, characters = cut(font, unicodes, number, sub == "latin")
                (data / f"{slug}-{sub}{c}.woff2").write_bytes(content)
                print(f"{slug}-{sub}{c}: {len(content)} bytes, {characters} characters")


main()
