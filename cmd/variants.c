#include "cmd/variants.h"

#include "backends/registry.h"
#include "cmd/choose.h"
#include "cmd/lists.h"

#include <stdlib.h>
#include <string.h>

struct names {
    const char *at[PB_VARIANTS_MAX];
    size_t count;
};

/* Each name once. */
static void add(const char *name, struct names *out)
{
    size_t at = 0;
    while (at < out->count && strcmp(out->at[at], name) != 0)
        at++;
    if (at == out->count && at < PB_VARIANTS_MAX)
        out->at[out->count++] = name;
}

static bool has_form(const struct pb_choice *choice, const struct pb_backend *backend,
                     const char *variant)
{
    for (size_t k = 0; k < choice->nkernels; k++)
        if (pb_backend_has_variant(backend, choice->kernels[k]->name, variant))
            return true;
    return false;
}

static void add_of_backends(const struct pb_choice *choice, bool only_yardsticks,
                            struct names *out)
{
    for (size_t b = 0; b < pb_backend_count(); b++) {
        const struct pb_backend *backend = pb_backend_at(b);
        for (size_t v = 0; v < backend->nvariants; v++) {
            const struct pb_backend_variant *variant = &backend->variants[v];
            if ((variant->is_yardstick || !only_yardsticks) &&
                has_form(choice, backend, variant->name))
                add(variant->name, out);
        }
    }
}

static void list_all(const struct pb_choice *choice, struct names *out)
{
    add("default", out);
    for (size_t k = 0; k < choice->nkernels; k++)
        for (size_t v = 0; v < choice->kernels[k]->nvariants; v++)
            add(choice->kernels[k]->variants[v].name, out);
    add_of_backends(choice, false, out);
}

/* A yardstick is left out where a yardstick among the backends would be. */
static void list_defaults(const struct pb_wish *wish, const struct pb_choice *choice,
                          struct names *out)
{
    add("default", out);
    if (!wish->backends && !wish->no_yardsticks)
        add_of_backends(choice, true, out);
}

static enum pb_status take(const char *name, const struct names *all, struct names *out,
                           struct pb_error *err)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->at[i], name) == 0) {
            add(all->at[i], out);
            return PB_OK;
        }
    return pb_fail(err, PB_ERR_USAGE,
                   "--variant: none of the kernels has a variant \"%s\"; `parbench list "
                   "kernels` shows those they have",
                   name);
}

static enum pb_status take_named(const char *text, const struct names *all,
                                 struct names *out, struct pb_error *err)
{
    const char *pieces[PB_VARIANTS_MAX];
    char *storage = NULL;
    size_t npieces = 0;
    enum pb_status status = pb_list_split("--variant", text, &storage, pieces,
                                          PB_VARIANTS_MAX, &npieces, err);
    for (size_t i = 0; i < npieces && !status; i++)
        status = take(pieces[i], all, out, err);
    free(storage);
    return status;
}

enum pb_status pb_variants_choose(const struct pb_wish *wish, struct pb_choice *choice,
                                  struct pb_error *err)
{
    const char *text = wish->variants;
    struct names all = { .count = 0 }, chosen = { .count = 0 };
    enum pb_status status = PB_OK;
    list_all(choice, &all);
    if (!text)
        list_defaults(wish, choice, &chosen);
    else if (strcmp(text, "all") == 0)
        chosen = all;
    else
        status = take_named(text, &all, &chosen, err);
    memcpy(choice->variants, chosen.at, sizeof chosen.at);
    choice->nvariants = chosen.count;
    return status;
}

bool pb_variants_lack(const char *name, const struct pb_choice *choice, char *why,
                      size_t why_bytes)
{
    for (size_t b = 0; b < choice->nbackends; b++) {
        const struct pb_backend_variant *variant =
            pb_backend_variant_find(choice->backends[b].backend, name);
        if (variant && variant->look && !variant->look(why, why_bytes))
            return true;
    }
    return false;
}
