#pragma once

#include <deque>
#include <string>
#include <vector>

#include "egress/render/jsonpath_template.hpp"

namespace egress::render::jsonpath {

/// Values of the object, or of the template itself.
using Values = std::vector<const Json*>;

/// What stands for the item of a range over nothing.
extern const Json nothing;

/// Goes through one object by a template (client-go 1.36, util/jsonpath/jsonpath.go). Both stay where they
/// are as long as this and what it found are used.
class Evaluation {
 public:
  explicit Evaluation(const Steps& read, bool allows_missing_keys = true)
      : template_(read), allows_missing_keys_(allows_missing_keys) {}

  /// What each text and path found, and each time that a range comes to it. Throws Error with client-go's
  /// words, and where it takes more than five million steps.
  std::vector<Values> run(const Json& object) { return run(&object, 0); }

 private:
  /// What steps have found. Where they failed, what they had till then.
  struct Found {
    Values values;
    std::string fault;
  };

  std::vector<Values> run(const Json* object, std::size_t from);
  void run_range(const Values& items, std::size_t from, std::vector<Values>& all);
  void spend(std::size_t count);

  Found walk(Values from, const Steps& steps);
  Found walk(const Values& from, const Step& step);
  Found find(const Values& from, const Steps& steps) { return walk(from, steps); }
  Found find(const Values& from, const Literal& literal);
  Found find(const Values& from, const Field& field);
  Found find(const Values& from, const Wildcard& all);
  Found find(const Values& from, const Descent& descent);
  Found find(const Values& from, const Word& word);
  Found find(const Values& from, const Slice& slice);
  Found find(const Values& from, const Union& parts);
  Found find(const Values& from, const Filter& filter);

  void add_children(const Json& of, Values& children);
  void descend(const Json& from, Values& found);
  /// Whether the filter lets an item through; in `fault` why it cannot be told.
  bool passes(const Json& item, const Filter& filter, std::string& fault);

  const Steps& template_;
  bool allows_missing_keys_;
  std::deque<Json> made_;
  std::size_t spent_ = 0;
  // Of client-go's ranges: those that were begun, are gone through, and were ended, and where the last one
  // ended.
  std::size_t begun_ = 0;
  std::size_t within_ = 0;
  std::size_t ended_ = 0;
  std::size_t last_end_ = 0;
};

}  // namespace egress::render::jsonpath
