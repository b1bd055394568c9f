// How long it takes to read the documents of a large `kubectl get pods -o json` and -o yaml, next to nlohmann's DOM.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/document.h"

namespace {

constexpr int kPods = 100'000;

std::string pod(int i) {
  const std::string number = std::to_string(i);
  return R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"web-)" + number +
         R"(","namespace":"shop-)" + std::to_string(i % 50) +
         R"(","labels":{"app":"web","version":"v)" + std::to_string(i % 3) +
         R"(","pod-template-hash":"6b7d9c)" + number +
         R"(","tier":"front","team":"checkout","security.istio.io/tlsMode":"istio"},)"
         R"("ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web-6b7d9c","controller":true}]},)"
         R"("spec":{"containers":[{"name":"app"},{"name":"istio-proxy"}],"nodeName":"node-1"},)"
         R"("status":{"phase":"Running","podIP":"10.0.0.1"}})";
}

// As kubectl prints it: the items stand before the kind.
std::string pods_as_json(int count) {
  std::string text = R"({"apiVersion":"v1","items":[)";
  for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + pod(i);
  return text + R"(],"kind":"List","metadata":{"resourceVersion":""}})";
}

// The same with the indentation of kubectl.
std::string indented(const std::string& json) { return nlohmann::json::parse(json).dump(4); }

std::string pods_as_yaml(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    text += "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web-" + number +
            "\n  namespace: shop-" + std::to_string(i % 50) + "\n  labels:\n    app: web\n    version: v" +
            std::to_string(i % 3) + "\n    pod-template-hash: 6b7d9c" + number +
            "\n    tier: front\n    team: checkout\n    security.istio.io/tlsMode: istio\nspec:\n"
            "  containers:\n  - name: app\n  - name: istio-proxy\nstatus:\n  phase: Running\n";
  }
  return text;
}

void read(benchmark::State& state, const std::string& text) {
  const harness::SourceFile file("pods", text);
  std::size_t documents = 0;
  for (auto _ : state) {
    harness::Diagnostics diagnostics;
    documents = 0;
    harness::read_documents(
        file, {},
        [&](const harness::Document& document) {
          ++documents;
          benchmark::DoNotOptimize(document.root->find("metadata"));
        },
        diagnostics);
    if (!diagnostics.empty()) state.SkipWithError("the text has mistakes");
  }
  state.counters["documents"] = static_cast<double>(documents);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void read_json(benchmark::State& state) { read(state, pods_as_json(kPods)); }
void read_indented_json(benchmark::State& state) { read(state, indented(pods_as_json(kPods))); }
void read_yaml(benchmark::State& state) { read(state, pods_as_yaml(kPods / 10)); }

void read_json_with_nlohmann(benchmark::State& state) {
  const std::string text = pods_as_json(kPods);
  for (auto _ : state) {
    const auto tree = nlohmann::json::parse(text);
    benchmark::DoNotOptimize(tree.size());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

BENCHMARK(read_json)->Unit(benchmark::kMillisecond);
BENCHMARK(read_indented_json)->Unit(benchmark::kMillisecond);
BENCHMARK(read_yaml)->Unit(benchmark::kMillisecond);
BENCHMARK(read_json_with_nlohmann)->Unit(benchmark::kMillisecond);

}  // namespace
