#include "plots/plot.h"

#include "plots/album.h"
#include "plots/script.h"

#include "measure/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static enum pb_status out_of_memory(struct pb_error *err)
{
    return pb_fail(err, PB_ERR_MEMORY, "out of memory while drawing");
}

static void add_slice_name(const struct pb_slice *slice, struct pb_text *name)
{
    pb_script_file_name(name, slice->kernel);
    pb_text_add(name, "-");
    pb_script_file_name(name, slice->dtype);
    pb_text_add(name, "-");
    if (slice->cache && strcmp(slice->cache, "hot") != 0) {
        pb_script_file_name(name, slice->cache);
        pb_text_add(name, "-");
    }
}

/* number: 1, or more where a name is taken: "a b" and "a/b" both become "a_b". */
static char *make_target(const struct pb_picture *picture, const char *folder,
                         unsigned number)
{
    struct pb_text name = PB_TEXT_INIT;
    const struct pb_figure *figure = &picture->figure;
    pb_text_addf(&name, "%s/", folder);
    if (figure->slice)
        add_slice_name(figure->slice, &name);
    if (number > 1)
        pb_text_addf(&name, "%u-", number);
    pb_text_addf(&name, "%s.%s", pb_figure_name(figure->kind), picture->format);
    return pb_text_take(&name);
}

static bool is_taken(char *const *targets, size_t count, const char *target)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(targets[i], target))
            return true;
    return false;
}

/* FOLDER/KERNEL-DTYPE-FIGURE.svg for every picture, no two alike. */
static enum pb_status name_targets(const struct pb_album *album, const char *folder,
                                   char **targets, struct pb_error *err)
{
    for (size_t i = 0; i < album->count; i++) {
        unsigned number = 1;
        char *target = make_target(&album->pictures[i], folder, number);
        while (target && is_taken(targets, i, target)) {
            free(target);
            target = make_target(&album->pictures[i], folder, ++number);
        }
        if (!target)
            return out_of_memory(err);
        targets[i] = target;
    }
    return PB_OK;
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

static enum pb_status publish(const struct pb_album *album, const char *folder,
                              struct pb_plot_list *made, struct pb_error *err)
{
    made->files = calloc(album->count + 1, sizeof *made->files);
    if (!made->files)
        return out_of_memory(err);
    made->count = album->count;
    enum pb_status status = name_targets(album, folder, made->files, err);
    if (!status && album->count)
        status = make_folder(folder, err);
    for (size_t i = 0; !status && i < album->count; i++)
        status = pb_gnuplot_fetch(&album->gnuplot, album->pictures[i].name,
                                  made->files[i], err);
    return status;
}

enum pb_status pb_plot_all(const struct pb_record *record,
                           const struct pb_crossover_report *report,
                           const struct pb_plot_options *options,
                           struct pb_plot_list *made, struct pb_error *err)
{
    struct pb_album album;
    const struct pb_album_options wanted = { .svg = options->svg,
                                             .png = options->png,
                                             .gnuplot = options->gnuplot };
    *made = (struct pb_plot_list){ 0 };
    enum pb_status status = pb_album_draw(record, report, &wanted, &album, err);
    if (status)
        return status;
    status = publish(&album, options->folder, made, err);
    pb_album_release(&album);
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
