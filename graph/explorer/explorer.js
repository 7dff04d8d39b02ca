"use strict";

// What GraphiQL styles as it runs carries the number of the page's own rules.
window.__webpack_nonce__ = document.body.dataset.singleUse;

(() => {
  const field = document.getElementById("key");
  const root = ReactDOM.createRoot(document.getElementById("explorer"));
  const example = `# Whose key is this, and what may it do?
# Ctrl+Space completes, Ctrl+Enter runs.
query Viewer {
  viewer {
    kind
    test
    scopes
    company {
      name
      locale
      timezone
    }
  }
}
`;

  // The key and what is typed stay in this tab.
  const remembered = "complero:key";
  field.value = sessionStorage.getItem(remembered) || "";

  const headers = (more) => ({
    ...more,
    "Content-Type": "application/json",
    Authorization: "Bearer " + field.value.trim(),
  });

  // subscribes tells whether the operation that is to run is a subscription.
  const subscribes = (params, options) =>
    (options?.documentAST?.definitions ?? []).some(
      (d) => d.operation === "subscription" && (!params.operationName || d.name?.value === params.operationName),
    );

  async function answer(params, more) {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: headers({ ...more, Accept: "application/graphql-response+json, application/json" }),
      body: JSON.stringify(params),
    });
    return response.json();
  }

  // listen reads the events of GraphQL over SSE, in its distinct connections mode.
  async function* listen(params, more) {
    const stop = new AbortController();
    try {
      const response = await fetch("/graphql", {
        method: "POST",
        headers: headers({ ...more, Accept: "text/event-stream" }),
        body: JSON.stringify(params),
        signal: stop.signal,
      });
      if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
        yield await response.json();
        return;
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) return;
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        for (const event of events) {
          if (event.startsWith("event: complete")) return;
          const data = event.split("\n").find((line) => line.startsWith("data: "));
          if (data) yield JSON.parse(data.slice(6));
        }
      }
    } finally {
      stop.abort();
    }
  }

  const fetcher = (params, options) => {
    if (!field.value.trim()) {
      return Promise.resolve({ errors: [{ message: "Paste an API key into the field above first." }] });
    }
    return subscribes(params, options) ? listen(params, options?.headers) : answer(params, options?.headers);
  };

  // A new key is a new view of the schema.
  function show() {
    root.render(
      React.createElement(GraphiQL, {
        key: field.value.trim(),
        fetcher,
        storage: sessionStorage,
        defaultQuery: example,
        shouldPersistHeaders: false,
      }),
    );
  }

  field.addEventListener("change", () => {
    sessionStorage.setItem(remembered, field.value.trim());
    show();
  });
  show();
})();
