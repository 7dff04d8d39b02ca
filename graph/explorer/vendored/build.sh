#!/bin/sh
# Fetches what stands in this folder, once, from the npm registry:
#   sh build.sh
set -eu
cd "$(dirname "$0")"
to=$PWD
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cd "$work"
npm install --silent --no-save --ignore-scripts graphiql@3.9.0 react@18.3.1 react-dom@18.3.1 graphql@16.10.0
cd node_modules
# The style's fonts are left out: the system's own serve.
sed -E 's/@font-face *\{[^}]*\}//g' graphiql/graphiql.min.css >"$work/graphiql.css"
sed '/^\/\/# sourceMappingURL=/d' graphiql/graphiql.min.js >"$work/graphiql.js"
cp react/umd/react.production.min.js "$work/react.js"
cp react-dom/umd/react-dom.production.min.js "$work/react-dom.js"
for file in graphiql.css graphiql.js react.js react-dom.js; do
	gzip -9 -n -c "$work/$file" >"$to/$file.gz"
done
# All that GraphiQL is bundled from, with its licence.
for package in * @*/*; do
	for licence in "$package"/LICEN[CS]E*; do
		if [ -f "$licence" ]; then
			printf '%s %s\n\n' "$package" "$(node -p "require('./$package/package.json').version")"
			cat "$licence"
			printf '\n\n'
		fi
	done
done >"$to/LICENSES.txt"
