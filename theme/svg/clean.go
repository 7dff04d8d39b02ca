package svg

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Attributes that say where and how large, and of which elements.
var geometry = map[string][]string{
	"svg":            {},
	"g":              {"transform"},
	"defs":           {},
	"path":           {"transform", "d"},
	"rect":           {"transform", "x", "y", "width", "height", "rx", "ry"},
	"circle":         {"transform", "cx", "cy", "r"},
	"ellipse":        {"transform", "cx", "cy", "rx", "ry"},
	"line":           {"transform", "x1", "y1", "x2", "y2"},
	"polyline":       {"transform", "points"},
	"polygon":        {"transform", "points"},
	"linearGradient": {"x1", "y1", "x2", "y2", "gradientUnits", "gradientTransform", "spreadMethod", "href"},
	"radialGradient": {"cx", "cy", "r", "gradientUnits", "gradientTransform", "spreadMethod", "href"},
	"stop":           {"offset"},
	"clipPath":       {"transform"},
	"use":            {"transform", "x", "y", "href"},
}

// properties paint, and stand in attributes, style attributes and stylesheets;
// each with what its value has to look like.
var properties = map[string]*regexp.Regexp{
	"fill": paintValue, "stroke": paintValue, "color": paintValue, "stop-color": paintValue, "clip-path": linkValue,
	"fill-opacity": numberValue, "stroke-opacity": numberValue, "stop-opacity": numberValue, "opacity": numberValue,
	"stroke-width": numberValue, "stroke-miterlimit": numberValue, "stroke-dashoffset": numberValue,
	"stroke-dasharray": regexp.MustCompile(`^(none|[-+0-9.eE,\spx%]{1,400})$`),
	"stroke-linecap":   wordValue, "stroke-linejoin": wordValue, "fill-rule": wordValue, "clip-rule": wordValue,
	"display": wordValue, "visibility": wordValue,
}

var (
	gradientWord = regexp.MustCompile(`^[a-zA-Z]{1,20}$`)
	numberValue  = regexp.MustCompile(`^[-+]?(\d{1,12}\.?\d{0,20}|\.\d{1,20})([eE][-+]?\d{1,2})?(px|pt|pc|mm|cm|in|%)?$`)
	wordValue    = regexp.MustCompile(`^[a-z-]{1,20}$`)
	linkValue    = regexp.MustCompile(`^(none|url\(["']?#[A-Za-z_][\w.-]{0,80}["']?\))$`)
	paintValue   = regexp.MustCompile(`^([a-zA-Z]{1,24}|#[0-9a-fA-F]{3,8}|rgba?\([-+0-9.,%/\s]{1,60}\)|url\(["']?#[A-Za-z_][\w.-]{0,80}["']?\)(\s+[#\w]{1,24})?)$`)
	idValue      = regexp.MustCompile(`^[A-Za-z_][\w.-]{0,80}$`)
	shapeValue   = regexp.MustCompile(`^[-+.,\s0-9eEMmZzLlHhVvCcSsQqTtAa]*$`)
)

// effects are properties that change what is seen in ways that are not kept.
var effects = []string{"filter", "mask", "marker", "marker-start", "marker-mid", "marker-end", "mix-blend-mode"}

// clean puts the stylesheet's rules into an element's attributes, keeps those
// that are known, and goes on inside.
func (d *Drawing) clean(n *node, rules []rule) error {
	attrs := n.attrs
	painted := map[string]string{}
	for name := range properties {
		if value, found := attrs[name]; found {
			painted[name] = value
		}
	}
	for _, name := range effects {
		painted[name] = attrs[name]
	}
	for _, r := range rules {
		if r.selects(n) {
			maps.Copy(painted, r.declarations)
		}
	}
	maps.Copy(painted, declarations(attrs["style"]))
	n.attrs = map[string]string{}
	if err := n.keepGeometry(attrs); err != nil {
		return err
	}
	for name, value := range painted {
		if err := n.keepProperty(name, value); err != nil {
			return err
		}
	}
	if id := attrs["id"]; idValue.MatchString(id) && d.ids[id] == nil && n != d.root {
		n.attrs["id"], d.ids[id] = id, n
	}
	for _, child := range n.children {
		if err := d.clean(child, rules); err != nil {
			return err
		}
	}
	n.children = slices.DeleteFunc(n.children, (*node).isEmpty)
	return nil
}

func (n *node) keepGeometry(attrs map[string]string) error {
	for _, name := range geometry[n.name] {
		value, found := attrs[name]
		if !found {
			continue
		}
		var valid bool
		switch name {
		case "d", "points":
			valid = shapeValue.MatchString(value)
		case "transform", "gradientTransform":
			_, valid = transform(value)
		case "href":
			if valid = strings.HasPrefix(value, "#") && idValue.MatchString(value[1:]); !valid && n.name == "use" {
				return fmt.Errorf("takes %q from elsewhere; export it as one file", shorten(value))
			}
		case "gradientUnits", "spreadMethod":
			valid = gradientWord.MatchString(value)
		default:
			valid = numberValue.MatchString(value)
		}
		if valid {
			n.attrs[name] = value
		}
	}
	if n.name == "clipPath" && attrs["clipPathUnits"] == "objectBoundingBox" {
		return fmt.Errorf("clips in shares of boxes (objectBoundingBox), which is not kept; flatten its clipping, or upload the logo as a PNG")
	}
	return nil
}

func (n *node) keepProperty(name, value string) error {
	if slices.Contains(effects, name) {
		if value != "" && value != "none" && value != "normal" {
			return fmt.Errorf("has an effect (%s), which is not kept; flatten its effects and export it again, or upload the logo as a PNG", name)
		}
		return nil
	}
	value = strings.TrimSpace(strings.TrimSuffix(value, "!important"))
	if form := properties[name]; form != nil && form.MatchString(value) {
		if strings.HasPrefix(value, "url(") {
			// One spelling, without quotes and without a second choice.
			value = "url(#" + strings.Trim(value[len("url("):strings.Index(value, ")")], `"'#`) + ")"
		}
		n.attrs[name] = value
	}
	return nil
}

// isEmpty reports whether an element shows nothing and holds nothing.
func (n *node) isEmpty() bool {
	switch n.name {
	case "g", "defs":
		return len(n.children) == 0 && n.attrs["id"] == ""
	}
	return n.attrs["display"] == "none" && n.attrs["id"] == ""
}

// checkLinks refuses what refers to something that was not kept.
func (d *Drawing) checkLinks(n *node) error {
	for name, value := range n.attrs {
		id := ""
		if name == "href" {
			id = value[1:]
		} else if inner, found := strings.CutPrefix(value, "url(#"); found {
			id = strings.TrimSuffix(inner, ")")
		}
		if id == "" {
			continue
		}
		to := d.ids[id]
		gradient := to != nil && (to.name == "linearGradient" || to.name == "radialGradient")
		switch {
		case name == "clip-path" && (to == nil || to.name != "clipPath"),
			(name == "fill" || name == "stroke") && !gradient:
			return fmt.Errorf("paints by %q (%s), which is not kept, such as a pattern; flatten it, or upload the logo as a PNG", id, name)
		case name == "href" && n.name != "use" && !gradient:
			delete(n.attrs, name)
		case name == "href" && to == nil:
			return fmt.Errorf("uses %q, which is not in it; export it again", id)
		}
	}
	for _, child := range n.children {
		if err := d.checkLinks(child); err != nil {
			return err
		}
	}
	return nil
}
