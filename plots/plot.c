#include "plots/plot.h"

#include "plots/figure.h"
#include "plots/gnuplot.h"
#include "plots/script.h"
#include "results/curves.h"

#include "measure/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A picture drawn, still in gnuplot's folder. */
struct picture {
    char *name;   /* owned; there */
    char *target; /* owned; FOLDER/KERNEL-DTYPE-FIGURE.svg */
};

struct album {
    const struct pb_plot_options *options;
    struct pb_gnuplot gnuplot;
    struct picture *pictures; /* owned */
    size_t count;
};

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
}

/* number: 1, or more where a name is taken: "a b" and "a/b" both become "a_b". */
static char *make_target(const struct pb_figure *figure, const char *folder,
                         const char *format, unsigned number)
{
    struct pb_text name = PB_TEXT_INIT;
    const struct pb_slice *slice = figure->slice;
    pb_text_addf(&name, "%s/", folder);
    pb_script_file_name(&name, slice->kernel);
    pb_text_add(&name, "-");
    pb_script_file_name(&name, slice->dtype);
    if (slice->cache && strcmp(slice->cache, "hot") != 0) {
        pb_text_add(&name, "-");
        pb_script_file_name(&name, slice->cache);
    }
    if (number > 1)
        pb_text_addf(&name, "-%u", number);
    pb_text_addf(&name, "-%s.%s", pb_figure_name(figure->kind), format);
    return pb_text_take(&name);
}

static bool is_taken(const struct album *album, const char *target)
{
    for (size_t i = 0; i < album->count; i++)
        if (!strcmp(album->pictures[i].target, target))
            return true;
    return false;
}

static char *free_target(const struct album *album, const struct pb_figure *figure,
                         const char *format)
{
    unsigned number = 1;
    char *target = make_target(figure, album->options->folder, format, number);
    while (target && is_taken(album, target)) {
        free(target);
        target = make_target(figure, album->options->folder, format, ++number);
    }
    return target;
}

static enum pb_status draw_one(struct album *album, const struct pb_figure *figure,
                               const char *format, struct pb_error *err)
{
    struct picture *grown =
        realloc(album->pictures, (album->count + 1) * sizeof *album->pictures);
    if (!grown)
        return out_of_memory(err);
    album->pictures = grown;
    struct picture *picture = &grown[album->count];
    *picture = (struct picture){
        .name = pb_text_format("picture-%zu.%s", album->count + 1, format),
        .target = free_target(album, figure, format),
    };
    album->count++;
    if (!picture->name || !picture->target)
        return out_of_memory(err);
    return pb_figure_draw(figure, &album->gnuplot, format, picture->name, err);
}

static enum pb_status draw_slice(struct album *album, const struct pb_figure *common,
                                 struct pb_error *err)
{
    enum pb_status status = PB_OK;
    for (int kind = 0; !status && kind < PB_FIGURE_COUNT; kind++) {
        struct pb_figure figure = *common;
        figure.kind = (enum pb_figure_kind)kind;
        if (!pb_figure_has_data(&figure))
            continue;
        if (album->options->svg)
            status = draw_one(album, &figure, "svg", err);
        if (!status && album->options->png)
            status = draw_one(album, &figure, "png", err);
    }
    return status;
}

/* mkdir -p */
static enum pb_status make_folder(const char *folder, struct pb_error *err)
{
    char *path = strdup(folder);
    if (!path)
        return out_of_memory(err);
    enum pb_status status = PB_OK;
    for (char *slash = path; !status && slash;) {
        slash = strchr(slash + 1, '/');
        if (slash)
            *slash = '\0';
        if (*path && mkdir(path, 0777) != 0 && errno != EEXIST)
            status = pb_fail(err, PB_ERR_ENVIRONMENT, "cannot make the folder %s: %s",
                             path, strerror(errno));
        if (slash)
            *slash = '/';
    }
    free(path);
    return status;
}

static enum pb_status publish(struct album *album, struct pb_plot_list *made,
                              struct pb_error *err)
{
    enum pb_status status = PB_OK;
    if (album->count)
        status = make_folder(album->options->folder, err);
    made->files = calloc(album->count + 1, sizeof *made->files);
    if (!made->files)
        return out_of_memory(err);
    for (size_t i = 0; !status && i < album->count; i++) {
        struct picture *picture = &album->pictures[i];
        status = pb_gnuplot_fetch(&album->gnuplot, picture->name, picture->target, err);
        if (status)
            break;
        made->files[made->count++] = picture->target;
        picture->target = NULL;
    }
    return status;
}

static void release_album(struct album *album)
{
    for (size_t i = 0; i < album->count; i++) {
        free(album->pictures[i].name);
        free(album->pictures[i].target);
    }
    free(album->pictures);
    pb_gnuplot_close(&album->gnuplot);
}

enum pb_status pb_plot_all(const struct pb_record *record,
                           const struct pb_crossover_report *report,
                           const struct pb_plot_options *options,
                           struct pb_plot_list *made, struct pb_error *err)
{
    struct album album = { .options = options };
    struct pb_slices slices;
    *made = (struct pb_plot_list){ 0 };
    enum pb_status status = pb_slices_make(record, &slices, err);
    if (status)
        return status;
    status = pb_gnuplot_open(options->gnuplot, &album.gnuplot, err);
    for (size_t i = 0; !status && i < slices.count; i++) {
        const struct pb_figure figure = { .record = record,
                                          .report = report,
                                          .slice = &slices.items[i] };
        status = draw_slice(&album, &figure, err);
    }
    if (!status)
        status = publish(&album, made, err);
    release_album(&album);
    pb_slices_release(&slices);
    if (status)
        pb_plot_list_release(made);
    return status;
}

void pb_plot_list_release(struct pb_plot_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->files[i]);
    free(list->files);
    *list = (struct pb_plot_list){ 0 };
}
