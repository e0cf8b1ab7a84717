using System.Diagnostics;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables
{
    public class TableClientOptions : ClientOptions
    {
        public enum ServiceVersion
        {
            V2019_02_02 = 1,
            V2020_12_06 = 2,
        }

        public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2019_02_02) => Debug.Assert(serviceVersion != 0);
    }

    public class TableServiceClient
    {
        private readonly TableConnection connection;
        private readonly TableClientOptions? options;

        public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions? options = null) =>
            (connection, this.options) = (new(new(endpoint.AbsoluteUri.TrimEnd('/') + "/"), endpoint.Host.Split('.')[0], new TokenPolicy(tokenCredential)), options);

        public TableServiceClient(string connectionString)
            : this(connectionString, null)
        {
        }

        public TableServiceClient(string connectionString, TableClientOptions? options) =>
            (connection, this.options) = (TableConnection.Parse(connectionString), options);

        public virtual string AccountName => connection.Account;

        public virtual Uri Uri => connection.Endpoint;

        public virtual TableClient GetTableClient(string tableName) => new(connection, tableName, options);
    }

    /// <summary>One table, over Azure.Core's pipeline: its retries, its time-outs.</summary>
    public class TableClient
    {
        private readonly TableConnection connection;
        private readonly HttpPipeline pipeline;

        internal TableClient(TableConnection connection, string tableName, TableClientOptions? options)
        {
            (this.connection, Name) = (connection, tableName);
            pipeline = HttpPipelineBuilder.Build(options ?? new TableClientOptions(), connection.Sign);
        }

        public TableClient(string connectionString, string tableName)
            : this(TableConnection.Parse(connectionString), tableName, null)
        {
        }

        public TableClient(string connectionString, string tableName, TableClientOptions? options = null)
            : this(TableConnection.Parse(connectionString), tableName, options)
        {
        }

        public virtual string Name { get; }

        public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default)
        {
            using var message = Message(RequestMethod.Post, "Tables", $$"""{"TableName":"{{Name}}"}""");
            message.Request.Headers.SetValue("Prefer", "return-no-content");
            var response = await Send(message, cancellationToken).ConfigureAwait(false);
            return response.Status is 201 or 204 or 409 ? Response.FromValue(new TableItem(Name), response) : throw TableFault.Of(response);
        }

        public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
            where T : ITableEntity
        {
            using var message = Message(RequestMethod.Post, Name, TableJson.Write(entity));
            message.Request.Headers.SetValue("Prefer", "return-no-content");
            return await Do(message, cancellationToken).ConfigureAwait(false);
        }

        public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
            string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
            where T : class, ITableEntity
        {
            using var message = Message(RequestMethod.Get, Address(partitionKey, rowKey) + Query(("$select", select is null ? null : string.Join(',', select))));
            var response = await Send(message, cancellationToken).ConfigureAwait(false);
            return response.Status switch
            {
                200 => new Found<T>((T)(ITableEntity)TableJson.Read(JsonElement.Parse(response.Content.ToString())), response),
                404 => new Found<T>(null, response),
                _ => throw TableFault.Of(response),
            };
        }

        public virtual async Task<Response> UpdateEntityAsync<T>(
            T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
            where T : ITableEntity
        {
            using var message = Message(Of(mode), Address(entity.PartitionKey, entity.RowKey), TableJson.Write(entity));
            message.Request.Headers.SetValue("If-Match", ifMatch.ToString("H"));
            return await Do(message, cancellationToken).ConfigureAwait(false);
        }

        public virtual async Task<Response> UpsertEntityAsync<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
            where T : ITableEntity
        {
            using var message = Message(Of(mode), Address(entity.PartitionKey, entity.RowKey), TableJson.Write(entity));
            return await Do(message, cancellationToken).ConfigureAwait(false);
        }

        public virtual async Task<Response> DeleteEntityAsync(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default)
        {
            using var message = Message(RequestMethod.Delete, Address(partitionKey, rowKey));
            message.Request.Headers.SetValue("If-Match", (ifMatch == default ? ETag.All : ifMatch).ToString("H"));
            var response = await Send(message, cancellationToken).ConfigureAwait(false);
            return response.Status is 204 or 404 ? response : throw TableFault.Of(response);
        }

        public virtual AsyncPageable<T> QueryAsync<T>(
            string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
            where T : class, ITableEntity => new Pages<T>(this, filter, maxPerPage, select is null ? null : string.Join(',', select), cancellationToken);

        public virtual async Task<Response<IReadOnlyList<Response>>> SubmitTransactionAsync(
            IEnumerable<TableTransactionAction> transactionActions, CancellationToken cancellationToken = default)
        {
            var actions = transactionActions.ToList();
            var (contentType, body) = TableBatch.Write(actions, entity => $"{connection.Endpoint}{(entity is null ? Name : Address(entity.PartitionKey, entity.RowKey))}");
            using var message = Message(RequestMethod.Post, "$batch", body, contentType);
            var response = await Do(message, cancellationToken).ConfigureAwait(false);
            return TableBatch.FaultIn(response.Content.ToString()) is { } fault
                ? throw fault
                : Response.FromValue<IReadOnlyList<Response>>([.. actions.Select(_ => response)], response);
        }

        private static RequestMethod Of(TableUpdateMode mode) => mode == TableUpdateMode.Replace ? RequestMethod.Put : new RequestMethod("MERGE");

        private static string Query(params (string Name, string? Value)[] parameters)
        {
            var given = parameters.Where(parameter => parameter.Value is not null).Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
            return string.Join('&', given) is { Length: > 0 } query ? "?" + query : "";
        }

        private static string Quoted(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

        private string Address(string partitionKey, string rowKey) => $"{Name}(PartitionKey='{Quoted(partitionKey)}',RowKey='{Quoted(rowKey)}')";

        private HttpMessage Message(RequestMethod method, string path, string? body = null, string contentType = "application/json")
        {
            var message = pipeline.CreateMessage();
            message.Request.Method = method;
            message.Request.Uri.Reset(new Uri(connection.Endpoint + path));
            message.Request.Headers.SetValue("x-ms-version", "2019-02-02");
            message.Request.Headers.SetValue("DataServiceVersion", "3.0");
            message.Request.Headers.SetValue("Accept", "application/json;odata=minimalmetadata");
            if (body is not null)
            {
                message.Request.Headers.SetValue("Content-Type", contentType);
                message.Request.Content = RequestContent.Create(BinaryData.FromString(body));
            }

            return message;
        }

        private async Task<Response> Send(HttpMessage message, CancellationToken cancellationToken)
        {
            await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
            return message.Response;
        }

        private async Task<Response> Do(HttpMessage message, CancellationToken cancellationToken)
        {
            var response = await Send(message, cancellationToken).ConfigureAwait(false);
            return response.IsError ? throw TableFault.Of(response) : response;
        }

        private sealed class Found<T>(T? value, Response response) : NullableResponse<T>
            where T : class
        {
            public override bool HasValue => value is not null;

            public override T Value => value ?? throw new InvalidOperationException("The entity doesn't exist.");

            public override Response GetRawResponse() => response;
        }

        private sealed class Pages<T>(TableClient table, string? filter, int? maxPerPage, string? select, CancellationToken cancellation) : AsyncPageable<T>(cancellation)
            where T : class, ITableEntity
        {
            public override async IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
            {
                var next = continuationToken?.Split('\n');
                do
                {
                    using var message = table.Message(RequestMethod.Get, $"{table.Name}()" + Query(
                        ("$filter", filter), ("$top", (pageSizeHint ?? maxPerPage)?.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("$select", select),
                        ("NextPartitionKey", next?[0]), ("NextRowKey", next?[1])));
                    var response = await table.Do(message, CancellationToken).ConfigureAwait(false);
                    next = response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out var partition)
                        ? [partition, response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out var row) ? row : ""] : null;
                    var values = JsonElement.Parse(response.Content.ToString()).GetProperty("value").EnumerateArray().Select(entity => (T)(ITableEntity)TableJson.Read(entity)).ToList();
                    yield return Page<T>.FromValues(values, next is null ? null : string.Join('\n', next), response);
                }
                while (next is not null);
            }
        }
    }
}

namespace Azure.Data.Tables.Models
{
    public class TableItem(string name)
    {
        public string Name => name;
    }
}
