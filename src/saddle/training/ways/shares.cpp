// Plays one update whose batch the cores of a processor share out among them, by functions that torch compiled ahead
// of time. Each core goes through all of its share by itself, so that no tensor of it ever moves to another core and
// nobody waits for anybody before the end; the joined function then averages gradients and moves the parameters.
//
// Only torch's stable C interface is used. A function's run takes over the handles it is given; those of the caller
// stay the caller's, except the fresh ones, which are let go here.
#include <cstddef>
#include <cstdint>
#include <vector>

extern "C" {
typedef void* Handle;
typedef int32_t Failure;
typedef Failure (*Run)(Handle, Handle*, size_t, Handle*, size_t, Handle, Handle);

Failure aoti_torch_new_tensor_handle(Handle, Handle*);
Failure aoti_torch_delete_tensor_object(Handle);
Failure aoti_torch__reinterpret_tensor(Handle, int64_t, const int64_t*, const int64_t*, int64_t, Handle*);

struct Input {           // one argument of a share's function
  int64_t place;         // among the inputs of the update
  int64_t split;         // 0 where every core sees all of it
  int64_t step;          // numbers between the shares of it
  int64_t dimensions;
  int64_t sizes[8];      // of a share
  int64_t strides[8];
};

struct Update {
  Run share_run;
  Handle share;          // the function of one core's share, runnable by so many at once
  int64_t inputs;
  const Input* input;
  int64_t given;         // outputs of a share
  Run joined_run;
  Handle joined;         // takes some of the inputs, then every share's outputs; gives nothing, writes in place
  int64_t kept;
  const int64_t* keep;   // places of these inputs
  int64_t shares;
  int64_t held;          // inputs that the caller keeps; those after them are fresh
};

static void let_go(std::vector<Handle>& handles) {
  for (Handle& one : handles)
    if (one) aoti_torch_delete_tensor_object(one), one = nullptr;
}

static Failure play_share(const Update& update, Handle* inputs, int64_t which, Handle* outputs) {
  std::vector<Handle> own(update.inputs, nullptr);
  for (int64_t i = 0; i < update.inputs; ++i) {
    const Input& input = update.input[i];
    Failure failure =
        input.split ? aoti_torch__reinterpret_tensor(inputs[input.place], input.dimensions, input.sizes, input.strides,
                                                    which * input.step, &own[i])
                   : aoti_torch_new_tensor_handle(inputs[input.place], &own[i]);
    if (failure) return let_go(own), failure;
  }
  Failure failure = update.share_run(update.share, own.data(), own.size(), outputs, update.given, nullptr, nullptr);
  for (int64_t i = 1; !failure && i < update.given; ++i)  // a tensor given twice comes as one handle twice
    for (int64_t j = 0; j < i; ++j)
      if (outputs[i] == outputs[j]) {
        failure = aoti_torch_new_tensor_handle(outputs[j], &outputs[i]);
        break;
      }
  return failure;
}

static Failure join(const Update& update, Handle* inputs, std::vector<Handle>& outputs) {
  std::vector<Handle> all(update.kept, nullptr);
  for (int64_t i = 0; i < update.kept; ++i) {
    Failure failure = aoti_torch_new_tensor_handle(inputs[update.keep[i]], &all[i]);
    if (failure) return let_go(all), let_go(outputs), failure;
  }
  all.insert(all.end(), outputs.begin(), outputs.end());
  return update.joined_run(update.joined, all.data(), all.size(), nullptr, 0, nullptr, nullptr);
}

Failure saddle_update(const Update* one, Handle* inputs, int64_t count) {
  const Update& update = *one;
  std::vector<Handle> outputs(update.shares * update.given, nullptr);
  Failure failed = 0;
#pragma omp parallel for num_threads(update.shares) schedule(static, 1) reduction(| : failed)
  for (int64_t which = 0; which < update.shares; ++which)
    failed |= play_share(update, inputs, which, outputs.data() + which * update.given);
  if (failed) let_go(outputs);
  else failed = join(update, inputs, outputs);
  for (int64_t i = update.held; i < count; ++i) aoti_torch_delete_tensor_object(inputs[i]);
  return failed;
}
}
